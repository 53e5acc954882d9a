import { expect, it } from 'vitest';
import { facts, factsWith, policy, product, yuan } from '../testing/facts.ts';
import { decide } from './decide.ts';
import { explainRules, limitShown } from './explain.ts';

const minimumIn = (record: typeof declined, showsBook: boolean) =>
  explainRules(record, showsBook).find(({ rule }) => rule === 'credit.limit_minimum')?.value;

/** Connected firms leave 10,000 yuan. */
const { record: declined } = decide(
  factsWith({ exposure: { connectedFen: yuan(1_490_000n) } }),
  product,
  policy,
);

it('does not tell a platform how much its lender has lent to firms under the same control', () => {
  expect(declined).toMatchObject({ outcome: 'DECLINED', bindingLimit: 'CONNECTED' });
  expect(minimumIn(declined, false)).toBe('');
  expect(limitShown(declined, false)).toBeUndefined();
  expect(minimumIn(declined, true)).toContain('CONNECTED');
  expect(limitShown(declined, true)).toBe(yuan(10_000n));
});

it('tells a platform the limit that its own seller sets, and what an offer says anyway', () => {
  const { record } = decide(
    factsWith({ score: { suggestedLimitFen: yuan(1_000n) } }),
    product,
    policy,
  );
  expect(record).toMatchObject({ outcome: 'DECLINED', bindingLimit: 'SCORING' });
  expect(limitShown(record, false)).toBe(yuan(1_000n));
  const approved = decide(facts, product, policy).record;
  expect(limitShown(approved, false)).toBe(approved.offer?.principalFen);
});
