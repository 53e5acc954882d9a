/** A better score, more evidence of sales or less exposure never makes it worse (lending.md 2.2). */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { factsWith, policy, product, yuan } from '../testing/facts.ts';
import { type Decided, decide, type Outcome } from './decide.ts';

const seeded = { seed: 42, numRuns: 300 };
const bounds = [1_250, 2_500, 5_000, 10_000, 20_000, 40_000, 80_000, 160_000, 320_000];
const grades = ['A1', 'A2', 'A3', 'B1', 'B2', 'B3', 'C1', 'C2', 'C3', 'D'];

const gradeOf = (pdPpm: number): string => {
  const at = bounds.findIndex((bound) => pdPpm <= bound);
  return grades[at < 0 ? 9 : at] as string;
};

interface Situation {
  readonly pdPpm: number;
  readonly limit: number;
  readonly obligor: number;
  readonly connected: number;
  readonly programme: number;
  readonly asked: number;
}

const situation = fc.record({
  pdPpm: fc.oneof(fc.integer({ min: 0, max: 400_000 }), fc.constantFrom(...bounds)),
  limit: fc.integer({ min: 0, max: 500_000 }),
  obligor: fc.integer({ min: 0, max: 1_100_000 }),
  connected: fc.integer({ min: 0, max: 1_600_000 }),
  programme: fc.integer({ min: 9_000_000, max: 10_100_000 }),
  asked: fc.integer({ min: 20_000, max: 400_000 }),
});

const decideIn = ({ pdPpm, limit, obligor, connected, programme, asked }: Situation): Decided =>
  decide(
    factsWith({
      application: { requestedAmountFen: yuan(BigInt(asked)) },
      score: {
        grade: gradeOf(pdPpm),
        pdPpm: BigInt(pdPpm),
        suggestedLimitFen: yuan(BigInt(limit)),
      },
      exposure: {
        obligorFen: yuan(BigInt(obligor)),
        connectedFen: yuan(BigInt(connected)),
        programmeFen: yuan(BigInt(programme)),
      },
    }),
    product,
    policy,
  );

const rank: Readonly<Record<Outcome, number>> = { DECLINED: 0, REFERRED: 1, APPROVED: 2 };

function expectNotWorse(worse: Situation, better: Situation): void {
  const [low, high] = [decideIn(worse).record, decideIn(better).record];
  expect(rank[high.outcome]).toBeGreaterThanOrEqual(rank[low.outcome]);
  if (low.offer === undefined || high.offer === undefined) return;
  expect(high.offer.principalFen).toBeGreaterThanOrEqual(low.offer.principalFen);
  expect(high.offer.annualRatePpm).toBeLessThanOrEqual(low.offer.annualRatePpm);
}

const lowered = (field: keyof Situation) => (at: Situation, by: number) => ({
  ...at,
  [field]: Math.max(0, at[field] - by),
});

it.each(['pdPpm', 'obligor', 'connected', 'programme'] as const)(
  'is never worse with a lower %s',
  (field) => {
    fc.assert(
      fc.property(situation, fc.integer({ min: 0, max: 400_000 }), (at, by) =>
        expectNotWorse(at, lowered(field)(at, by)),
      ),
      seeded,
    );
  },
);

it('is never worse with a higher scoring limit', () => {
  fc.assert(
    fc.property(situation, fc.integer({ min: 0, max: 400_000 }), (at, by) =>
      expectNotWorse(at, { ...at, limit: at.limit + by }),
    ),
    seeded,
  );
});

it('never offers more than any line of the waterfall, or less than the smallest loan', () => {
  fc.assert(
    fc.property(situation, (at) => {
      const { offer, limits } = decideIn(at).record;
      if (offer === undefined) return;
      for (const { amountFen } of limits) expect(offer.principalFen).toBeLessThanOrEqual(amountFen);
      expect(offer.principalFen).toBeGreaterThanOrEqual(product.amountMinFen);
      expect(offer.principalFen % policy.credit.limitStepFen).toBe(0n);
    }),
    seeded,
  );
});
