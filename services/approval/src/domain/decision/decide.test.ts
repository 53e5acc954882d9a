import { describe, expect, it } from 'vitest';
import {
  arrived,
  day,
  facts,
  factsWith,
  policy,
  product,
  refused,
  yuan,
} from '../testing/facts.ts';
import { decide } from './decide.ts';
import type { Facts } from './facts.ts';

const codesOf = (given: Facts, under = policy) =>
  decide(given, product, under).record.reasons.map(({ code }) => code);
const refusedBy = (why: Parameters<typeof refused>[0]) =>
  factsWith({ evidence: { SCORE: refused(why) } });
const outcomeOf = (given: Facts, under = policy) => decide(given, product, under).record.outcome;

describe('an application that meets every limit exactly', () => {
  const { record, instalments } = decide(facts, product, policy);

  it('is approved for the amount asked, at the sum of the price terms', () => {
    expect(record.outcome).toBe('APPROVED');
    expect(record.reasons).toEqual([]);
    expect(record.limitFen).toBe(yuan(400_000n));
    expect(record.offer).toMatchObject({
      principalFen: yuan(400_000n),
      annualRatePpm: 67_500n, // 41,500 + 15,000 + ceil(1,250 x 75 %) = 938 + 10,000, up to a bp.
      spreadBps: 260,
    });
    expect(record.price.map(({ ratePpm }) => ratePpm)).toEqual([
      41_500n,
      15_000n,
      938n,
      10_000n,
      62n,
    ]);
    expect(record.expectedLossFen).toBe(yuan(375n));
    expect(instalments).toHaveLength(12);
  });

  it('holds every rule, and names the line that binds', () => {
    expect(record.rules.filter(({ verdict }) => verdict !== 'HOLDS')).toEqual([]);
    expect(record.bindingLimit).toBe('REQUESTED');
    expect(record.limits.map(({ code }) => code)).toEqual([
      'REQUESTED',
      'PRODUCT',
      'CLASS_CAP',
      'SCORING',
      'OBLIGOR',
      'CONNECTED',
      'PROGRAMME',
    ]);
  });
});

describe('one step past a limit', () => {
  it.each<[string, Facts]>([
    ['SCORE_BELOW_CUTOFF', factsWith({ score: { grade: 'D', pdPpm: 320_001n } })],
    ['PURPOSE_EXCLUDED', factsWith({ application: { purposeCode: 'WAGES' } })],
    ['AMOUNT_UNSUPPORTED', factsWith({ application: { requestedAmountFen: yuan(400_000n) + 1n } })],
    ['AMOUNT_UNSUPPORTED', factsWith({ application: { requestedAmountFen: yuan(20_000n) - 1n } })],
    ['TERM_UNSUPPORTED', factsWith({ application: { termMonths: 13 } })],
    ['TERM_UNSUPPORTED', factsWith({ application: { termMonths: 2 } })],
    ['SALES_TOO_LOW', factsWith({ score: { suggestedLimitFen: yuan(20_000n) - 1n } })],
    ['BORROWER_LIMIT_REACHED', factsWith({ exposure: { obligorFen: yuan(980_000n) + 1n } })],
    ['CONNECTED_LIMIT_REACHED', factsWith({ exposure: { connectedFen: yuan(1_480_000n) + 1n } })],
    ['LENDER_LIMIT_REACHED', factsWith({ exposure: { programmeFen: yuan(9_980_000n) + 1n } })],
    ['CONSENT_INSUFFICIENT', refusedBy({ RISK: ['CONSENT_MISSING'] })],
    ['BLOCKED', refusedBy({ RISK: ['SELLER_BLOCKED'] })],
  ])('declines with %s', (code, given) => {
    const { record } = decide(given, product, policy);
    expect(record.outcome).toBe('DECLINED');
    expect(record.reasons[0]?.code).toBe(code);
    expect(record.offer).toBeUndefined();
  });

  it.each<[string, Facts]>([
    ['SCORE_EXPIRED', factsWith({ score: { asOf: day('2020-02-19') } })],
    ['RECORDS_TOO_THIN', factsWith({ score: { monthsWithSales: 8 } })],
    ['RECORDS_STALE', factsWith({ score: { newestRecordDate: day('2019-11-22') } })],
    ['EVIDENCE_MISSING', factsWith({ evidence: {} })],
    ['CHAMPION_MISSING', refusedBy({ DATA: ['CHAMPION_MISSING'] })],
    ['CLASS_REFERRED', factsWith({ score: { grade: 'C1', pdPpm: 40_001n } })],
    ['FACT_MISSING', factsWith({ score: { newestRecordDate: undefined } })],
    ['FACT_MISSING', factsWith({ score: { grade: 'X1' } })],
  ])('refers with %s', (code, given) => {
    const { record } = decide(given, product, policy);
    expect(record.outcome).toBe('REFERRED');
    expect(record.reasons[0]?.code).toBe(code);
    expect(record.offer).toBeUndefined();
  });

  it('declines a price above the cap, and offers one exactly on it', () => {
    const allIn = decide(facts, product, policy).record.offer?.allInCompoundPpm ?? 0n;
    const capped = (allInMaxPpm: bigint) => ({ ...policy, rate: { ...policy.rate, allInMaxPpm } });
    expect(outcomeOf(facts, capped(allIn))).toBe('APPROVED');
    expect(codesOf(facts, capped(allIn - 1n))).toEqual(['PRICE_ABOVE_CAP']);
  });

  it('refers an amount above what is decided automatically', () => {
    const automaticAmountMaxFen = yuan(400_000n) - 1n;
    const stricter = { ...policy, decision: { ...policy.decision, automaticAmountMaxFen } };
    expect(codesOf(facts, stricter)).toEqual(['AMOUNT_ABOVE_AUTOMATIC']);
  });

  it('refers a score whose validity ended a moment ago', () => {
    const later = { ...facts, decideTime: '2020-02-21T01:00:00.001Z' };
    expect(codesOf(later)).toEqual(['SCORE_EXPIRED']);
  });
});

it('names every reason, most important first, and a grade D with those of its score', () => {
  const given = factsWith({
    application: { purposeCode: 'HOUSE', termMonths: 13 },
    score: { grade: 'D', pdPpm: 400_000n },
  });
  expect(codesOf(given)).toEqual([
    'SCORE_BELOW_CUTOFF',
    'SALES_FALLING',
    'PURPOSE_EXCLUDED',
    'TERM_UNSUPPORTED',
  ]);
});

it('declines what a known line forbids even when the score did not come', () => {
  const exposure = { obligorFen: yuan(990_000n) };
  expect(codesOf(factsWith({ evidence: {}, exposure }))).toEqual(['BORROWER_LIMIT_REACHED']);
});

describe('a refused score', () => {
  const unknown = ['SOMETHING_NEW', 'constructor'];

  it('declines on the ground of risk, for a reason that nobody here knows as the worst grade does', () => {
    const { record } = decide(refusedBy({ RISK: unknown }), product, policy);
    expect(record.outcome).toBe('DECLINED');
    expect(record.reasons).toEqual([{ code: 'SCORE_BELOW_CUTOFF', rule: 'credit.score_cutoff' }]);
    const cutoff = record.rules.find(({ rule }) => rule === 'credit.score_cutoff');
    expect(cutoff).toMatchObject({ verdict: 'BROKEN', value: 'SOMETHING_NEW constructor' });
  });

  it('is referred for want of data, whatever the reason', () => {
    for (const reason of [...unknown, 'CONSENT_MISSING', 'SELLER_BLOCKED']) {
      const given = refusedBy({ DATA: [reason] });
      expect(outcomeOf(given)).toBe('REFERRED');
      expect(codesOf(given)).toEqual([reason]);
    }
  });

  it('is declined with both', () => {
    const DATA = ['RECORDS_TOO_THIN'];
    expect(codesOf(refusedBy({ DATA, RISK: ['SELLER_BLOCKED'] }))).toEqual(['BLOCKED']);
    expect(codesOf(refusedBy({ DATA, RISK: unknown }))).toEqual(['SCORE_BELOW_CUTOFF']);
    const all = refusedBy({ DATA, RISK: ['SOMETHING_NEW', 'SELLER_BLOCKED', 'CONSENT_MISSING'] });
    expect(codesOf(all)).toEqual(['CONSENT_INSUFFICIENT', 'BLOCKED', 'SCORE_BELOW_CUTOFF']);
  });

  it('is never a yes, without any reason either', () => {
    expect(codesOf(refusedBy({}))).toEqual(['SCORE_REFUSED']);
    expect(outcomeOf(refusedBy({}))).toBe('REFERRED');
  });
});

it('does not decline for low sales on records that are too thin to tell', () => {
  const given = factsWith({ score: { monthsWithSales: 8, suggestedLimitFen: 0n } });
  expect(codesOf(given)).toEqual(['RECORDS_TOO_THIN']);
});

it('does not decline by a score that is too old', () => {
  const given = factsWith({ score: { grade: 'D', asOf: day('2020-02-01') } });
  expect(codesOf(given)).toEqual(['SCORE_EXPIRED']);
});

it('refers a review whatever else holds', () => {
  const reviewOf = 'platforms/p/applications/b';
  const given = factsWith({ application: { reviewOf, purposeCode: 'HOUSE' }, evidence: {} });
  expect(outcomeOf(given)).toBe('REFERRED');
  expect(codesOf(given)).toEqual(['REVIEW_ASKED']);
});

it('offers less than was asked, rounded down to the step', () => {
  const given = factsWith({ score: { suggestedLimitFen: yuan(101_126n) } });
  const { record } = decide(given, product, policy);
  expect(record.outcome).toBe('APPROVED');
  expect(record.offer?.principalFen).toBe(yuan(101_000n));
  expect(record.bindingLimit).toBe('SCORING');
});

it('has no limit by programme where the policy has no row for the product', () => {
  const lender = { ...policy.lender, programmeLimitsFen: new Map() };
  const given = factsWith({ exposure: { programmeFen: yuan(1_000_000_000n) } });
  expect(outcomeOf(given, { ...policy, lender })).toBe('APPROVED');
});

it('makes the same record from the same facts, byte for byte', () => {
  const again = structuredClone(factsWith({ evidence: { SCORE: arrived() } }));
  expect(decide(again, product, policy)).toEqual(decide(facts, product, policy));
});
