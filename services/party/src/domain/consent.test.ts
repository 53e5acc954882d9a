import type { Uid } from '@lianbao/kernel';
import { describe, expect, it } from 'vitest';
import {
  type Consent,
  type ConsentForm,
  type ConsentPurpose,
  expire,
  requireConsentTerms,
  verdictOn,
  withdraw,
} from './consent.ts';
import type { ConsentName, SellerName } from './names.ts';

const now = new Date('2028-02-29T02:00:00Z'); // 10:00 in Shanghai, on a leap day
const after = (ms: number) => new Date(now.getTime() + ms);

const consent: Consent = {
  name: 'platforms/p/sellers/s/consents/c' as ConsentName,
  uid: '0' as Uid,
  seller: 'platforms/p/sellers/s' as SellerName,
  state: 'GRANTED',
  purpose: 'SCORING',
  dataKinds: ['INVOICES'],
  recipients: [],
  form: 'GENERAL',
  textVersion: '1',
  signature: undefined as never,
  expireTime: after(1),
  withdrawTime: undefined,
  createTime: now,
  updateTime: now,
  revision: 1n,
};

describe('the terms of a consent', () => {
  it.each<[ConsentPurpose, ConsentForm, boolean]>([
    ['SCORING', 'GENERAL', true],
    ['SCORING', 'SEPARATE', true],
    ['SCORING', 'WRITTEN', true],
    ['SHARE_WITH_LENDER', 'GENERAL', false],
    ['SHARE_WITH_LENDER', 'SEPARATE', true],
    ['SHARE_WITH_LENDER', 'WRITTEN', true],
  ])('for %s in the form %s: %s', (purpose, form, allowed) => {
    const check = () => requireConsentTerms({ purpose, form, expireTime: after(1) }, now);
    if (allowed) expect(check).not.toThrow();
    else expect(check).toThrow(expect.objectContaining({ reason: 'CONSENT_FORM_INVALID' }));
  });

  it('end one moment ahead at least and five years at most, of a leap day on the last of February', () => {
    const check = (expireTime: Date) => () =>
      requireConsentTerms({ purpose: 'SCORING', form: 'GENERAL', expireTime }, now);
    const fiveYears = new Date('2033-02-28T02:00:00Z');
    expect(check(after(1))).not.toThrow();
    expect(check(now)).toThrow(expect.objectContaining({ reason: 'FIELD_INVALID' }));
    expect(check(fiveYears)).not.toThrow();
    expect(check(new Date(fiveYears.getTime() + 1))).toThrow(
      expect.objectContaining({ reason: 'FIELD_INVALID' }),
    );
  });
});

describe('the end of a consent', () => {
  it('is a withdrawal, once', () => {
    const withdrawn = withdraw(consent, now);
    expect(withdrawn).toMatchObject({ state: 'WITHDRAWN', withdrawTime: now, revision: 2n });
    expect(withdraw(withdrawn, after(5))).toBe(withdrawn);
  });

  it('or its time, not a moment before', () => {
    expect(expire(consent, now)).toBeUndefined();
    const expired = expire(consent, after(1));
    expect(expired).toMatchObject({ state: 'EXPIRED', revision: 2n });
    expect(expire(expired as Consent, after(2))).toBeUndefined();
    expect(withdraw(expired as Consent, after(2))).toBe(expired);
  });
});

describe('the verdict', () => {
  it('is live up to the last moment', () => {
    expect(verdictOn(consent, now)).toEqual({
      live: true,
      consent: consent.name,
      expireTime: after(1),
    });
  });

  it.each([
    ['NONE', undefined],
    ['WITHDRAWN', { ...consent, state: 'WITHDRAWN' as const }],
    ['EXPIRED', { ...consent, state: 'EXPIRED' as const }],
    ['EXPIRED', { ...consent, expireTime: now }],
  ])('names the cause %s', (cause, fitting) => {
    expect(verdictOn(fitting, now)).toEqual({ live: false, cause });
  });
});
