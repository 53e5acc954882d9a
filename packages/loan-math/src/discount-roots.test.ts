import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { discountRoots, one, signChanges, type Term } from './discount-roots.ts';

/** The discounted sum times its common denominator: its sign at v = numerator / one is exact. */
function exactSum(terms: readonly Term[], v: bigint): bigint {
  const last = terms.at(-1)?.time ?? 0;
  return terms.reduce(
    (sum, { amount, time }) => sum + amount * v ** BigInt(time) * one ** BigInt(last - time),
    0n,
  );
}

const changesAround = (terms: readonly Term[], root: bigint, units: bigint): boolean => {
  const below = exactSum(terms, root - units);
  const above = exactSum(terms, root + units);
  return below > 0n !== above > 0n;
};

/** Amounts of a polynomial whose roots are v = p / q, lowest power first. */
function withRoots(roots: readonly (readonly [number, number])[]): Term[] {
  let amounts = [1n];
  for (const [p, q] of roots) {
    const next = Array.from({ length: amounts.length + 1 }, () => 0n);
    for (const [i, amount] of amounts.entries()) {
      next[i] = (next[i] as bigint) + amount * BigInt(p);
      next[i + 1] = (next[i + 1] as bigint) - amount * BigInt(q);
    }
    amounts = next;
  }
  return amounts.map((amount, time) => ({ amount, time })).filter(({ amount }) => amount !== 0n);
}

const size = (value: bigint) => (value < 0n ? -value : value);
const runs = { seed: 42, numRuns: 300 };

describe('discountRoots', () => {
  it('finds all roots of a polynomial made from roots apart, those at one included', () => {
    const root = fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }));
    const apart = fc.uniqueArray(root, { minLength: 1, maxLength: 4, selector: ([p, q]) => p / q });
    fc.assert(
      fc.property(apart, (given) => {
        const expected = given
          .filter(([p, q]) => p <= q)
          .map(([p, q]) => (BigInt(p) * one) / BigInt(q))
          .sort((a, b) => (a < b ? -1 : 1));
        const found = discountRoots(withRoots(given));
        expect(found).toHaveLength(expected.length);
        found.forEach((each, i) => {
          expect(size(each - (expected[i] as bigint)) < 1n << 24n).toBe(true);
        });
      }),
      runs,
    );
  });

  it('counts a root twice where the sum touches zero', () => {
    expect(
      discountRoots(
        withRoots([
          [1, 2],
          [1, 2],
        ]),
      ),
    ).toHaveLength(2);
  });

  it('of one change of sign finds the root to some units of the last place, at any spacing', () => {
    const terms = fc
      .record({
        out: fc.bigInt(1_000n, 10n ** 12n),
        gaps: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 36 }),
        backPerMille: fc.bigInt(1n, 5_000n), // of what went out, each time
      })
      .map(({ out, gaps, backPerMille }) => {
        const back = (out * backPerMille) / 1_000n;
        let time = 0;
        const paid = gaps.map((gap) => {
          time += gap;
          return { amount: -back, time };
        });
        return [{ amount: out, time: 0 }, ...paid];
      });
    fc.assert(
      fc.property(terms, (given) => {
        const roots = discountRoots(given);
        const exists = exactSum(given, one) <= 0n;
        expect(roots).toHaveLength(exists ? 1 : 0);
        for (const root of roots) {
          if (root !== one) expect(changesAround(given, root, 1n << 16n)).toBe(true);
        }
      }),
      runs,
    );
  });

  it('of any flows finds each root between two signs, and at most one for each change', () => {
    const amount = fc.bigInt(-1_000_000n, 1_000_000n).filter((value) => value !== 0n);
    const step = fc.tuple(amount, fc.integer({ min: 1, max: 6 }));
    fc.assert(
      fc.property(fc.array(step, { minLength: 2, maxLength: 8 }), (steps) => {
        let time = 0;
        const given = steps.map(([each, gap], i) => {
          if (i > 0) time += gap;
          return { amount: each, time };
        });
        const roots = discountRoots(given);
        expect(roots.length <= signChanges(given)).toBe(true);
        for (const root of roots) {
          if (root !== one) expect(changesAround(given, root, 1n << 32n)).toBe(true);
        }
        // Between 0 and 1 an odd number of crossings changes the sign, an even number does not.
        const atOne = exactSum(given, one);
        const first = (given[0] as Term).amount;
        if (atOne !== 0n) expect(roots.length % 2 === 1).toBe(first > 0n !== atOne > 0n);
      }),
      runs,
    );
  });
});

it.each([
  [[], 0],
  [[5n], 0],
  [[5n, -1n, -1n], 1],
  [[5n, -1n, 1n], 2],
])('counts the changes of sign of [%s] as %i', (amounts, changes) => {
  expect(signChanges(amounts.map((amount, time) => ({ amount, time })))).toBe(changes);
});
