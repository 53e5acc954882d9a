import { describe, expect, it } from 'vitest';
import { type Consent, type ConsentVerdict, unjudgedConsents, verdictOnNamed } from './consent.ts';

const now = new Date('2020-02-21T01:00:00Z');
const lender = 'lenders/l';
const need = { purpose: 'SCORING', dataKinds: 'INVOICES' } as const;
const longest: ConsentVerdict = { ...need, consent: 'longest', cause: 'NONE' };
const named: Consent = {
  state: 'GRANTED',
  purpose: 'SCORING',
  dataKinds: ['SCORES', 'INVOICES'],
  recipients: ['lenders/k', lender],
  expireTime: new Date(now.getTime() + 1),
};

const judged = (names: readonly string[], consent: Consent | undefined, verdict = longest) =>
  verdictOnNamed(verdict, names, new Map(consent && [['named', consent]]), lender, now);

describe('consents still to be looked at', () => {
  it('are none where party names those of the application, or none at all', () => {
    expect(unjudgedConsents(['other', 'longest'], [longest])).toEqual([]);
    expect(unjudgedConsents(['other'], [{ ...longest, consent: undefined }])).toEqual([]);
  });

  it('are the named ones that party has not spoken of', () => {
    const share: ConsentVerdict = { ...longest, consent: 'share' };
    expect(unjudgedConsents(['named', 'share'], [longest, share])).toEqual(['named']);
  });
});

describe('a verdict', () => {
  it('stands when it is on a named consent, and when nothing is live', () => {
    expect(judged(['longest'], undefined)).toBe(longest);
    const dead: ConsentVerdict = { ...need, consent: undefined, cause: 'EXPIRED' };
    expect(judged(['named'], named, dead)).toBe(dead);
  });

  it('is on the named consent where that one lives beside a longer one', () => {
    expect(judged(['named'], named)).toEqual({ ...need, consent: 'named', cause: 'NONE' });
  });

  it.each<[string, string, Consent | undefined]>([
    ['NONE', 'is not there', undefined],
    ['NONE', 'is for another purpose', { ...named, purpose: 'SHARE_WITH_LENDER' }],
    ['NONE', 'is for other data', { ...named, dataKinds: ['SCORES'] }],
    ['NONE', 'is for another lender', { ...named, recipients: ['lenders/k'] }],
    ['WITHDRAWN', 'was withdrawn', { ...named, state: 'WITHDRAWN' }],
    ['EXPIRED', 'has expired', { ...named, state: 'EXPIRED' }],
    ['EXPIRED', 'ends this moment', { ...named, expireTime: now }],
  ])('is a no with cause %s when the named consent %s', (cause, _, consent) => {
    expect(judged(['named'], consent)).toEqual({ ...need, consent: undefined, cause });
  });

  it('takes the one that lives of two that are named', () => {
    const both = new Map([
      ['old', { ...named, state: 'WITHDRAWN' as const }],
      ['named', named],
    ]);
    expect(verdictOnNamed(longest, ['old', 'named'], both, lender, now).consent).toBe('named');
  });
});
