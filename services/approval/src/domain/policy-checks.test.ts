import { expect, it } from 'vitest';
import type { Policy } from './decision/policy.ts';
import { policyViolations } from './policy-checks.ts';
import { policy, yuan } from './testing/facts.ts';

const { credit, decision, authority, lender, rate } = policy;
const { A, B, C } = credit.classes;
const classes = (change: Partial<Policy['credit']['classes']>): Policy => ({
  ...policy,
  credit: { ...credit, classes: { ...credit.classes, ...change } },
});

it('has nothing to say against the first policy', () => {
  expect(policyViolations(policy)).toEqual([]);
});

it.each<[string, Policy]>([
  ['monotone.amount', classes({ B: { ...B, amountMaxFen: A.amountMaxFen + 1n } })],
  ['monotone.amount', classes({ C: { ...C, amountMaxFen: B.amountMaxFen + 1n } })],
  ['monotone.spread', classes({ A: { ...A, spreadBps: B.spreadBps + 1 } })],
  ['monotone.spread', classes({ B: { ...B, spreadBps: C.spreadBps + 1 } })],
  ['monotone.refer', classes({ A: { ...A, refer: true } })],
  ['amount.positive', classes({ C: { ...C, amountMaxFen: 0n } })],
  ['range.order', { ...policy, credit: { ...credit, limitStepFen: C.amountMaxFen + 1n } }],
  ['amount.positive', { ...policy, credit: { ...credit, limitStepFen: 0n } }],
  ['rate.whole_bps', { ...policy, rate: { ...rate, lprPpm: 41_501n } }],
  ['range.impossible', { ...policy, rate: { ...rate, allInMaxPpm: 66_499n } }],
  ['range.order', { ...policy, lender: { ...lender, connectedCapitalBpsMax: 999 } }],
  ['range.order', { ...policy, decision: { ...decision, scoreAgeDaysMax: 6 } }],
  ['range.order', { ...policy, decision: { ...decision, greenLenderTaskHours: 49 } }],
  [
    'monotone.authority',
    {
      ...policy,
      authority: {
        ...authority,
        HEAD: { ...authority.HEAD, amountMaxFen: authority.OFFICER.amountMaxFen - 1n },
      },
    },
  ],
  [
    'amount.positive',
    { ...policy, lender: { ...lender, programmeLimitsFen: new Map([['products/p', 0n]]) } },
  ],
])('complains of %s one step past it', (reason, wrong) => {
  expect(policyViolations(wrong).map((violation) => violation.reason)).toContain(reason);
});

it('brings all complaints at once, each with its field', () => {
  const wrong: Policy = {
    ...classes({ A: { ...A, amountMaxFen: yuan(1n), spreadBps: 900 } }),
    rate: { ...rate, lprPpm: 1n },
  };
  expect(policyViolations(wrong).map(({ field }) => field)).toEqual([
    'content.credit.classes',
    'content.credit.classes',
    'content.rate.lpr_ppm',
  ]);
});
