import { expect, it } from 'vitest';
import { declineTexts } from './decline-codes.ts';
import { textsOf } from './reason.ts';
import { referralTexts } from './referral-codes.ts';

it.each([...Object.entries(declineTexts), ...Object.entries(referralTexts)])(
  '%s has a text and a hint in both languages',
  (_, texts) => {
    for (const text of texts) expect(text).not.toBe('');
    expect(texts[0]).toMatch(/\p{Script=Han}/u);
    expect(texts[2]).toMatch(/\p{Script=Han}/u);
    expect(texts[1]).not.toMatch(/\p{Script=Han}/u);
  },
);

it('says of a suspicion only that something could not be confirmed', () => {
  expect(textsOf({ code: 'FRAUD_SUSPECTED', rule: '' })[1]).toMatch(/could not be confirmed/);
});

it('names what a reason is about', () => {
  const reason = { code: 'EVIDENCE_MISSING', rule: 'decision.evidence', detail: '评分 score' };
  expect(textsOf(reason)[1]).toMatch(/\(评分 score\)$/);
});

it('gives a code of a later release a text all the same', () => {
  expect(textsOf({ code: 'SOMETHING_NEW', rule: '' })[1]).toBe('No score could be computed');
});
