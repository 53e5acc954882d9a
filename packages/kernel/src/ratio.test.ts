import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ceilDivide, roundedRatio } from './ratio.ts';

describe('roundedRatio', () => {
  it.each([
    // ratio x 10, UP, DOWN, HALF_UP, HALF_EVEN
    [24n, 3n, 2n, 2n, 2n],
    [25n, 3n, 2n, 3n, 2n],
    [26n, 3n, 2n, 3n, 3n],
    [30n, 3n, 3n, 3n, 3n],
    [35n, 4n, 3n, 4n, 4n],
    [0n, 0n, 0n, 0n, 0n],
    [-24n, -2n, -3n, -2n, -2n],
    [-25n, -2n, -3n, -3n, -2n],
    [-26n, -2n, -3n, -3n, -3n],
    [-35n, -3n, -4n, -4n, -4n],
  ])('rounds %i tenths to %i up, %i down, %i half up, %i half even', (tenths, ...expected) => {
    const all = (['UP', 'DOWN', 'HALF_UP', 'HALF_EVEN'] as const).map((rounding) =>
      roundedRatio(tenths, 10n, rounding),
    );
    expect(all).toEqual(expected);
  });

  it('does not care on which side of the fraction the sign stands', () => {
    fc.assert(
      fc.property(
        fc.bigInt(-10_000n, 10_000n),
        fc.bigInt(1n, 100n),
        fc.constantFrom('UP', 'DOWN', 'HALF_UP', 'HALF_EVEN'),
        (numerator, denominator, rounding) => {
          const value = roundedRatio(numerator, denominator, rounding);
          expect(roundedRatio(-numerator, -denominator, rounding)).toBe(value);
          const off = value * denominator - numerator;
          expect((off < 0n ? -off : off) < denominator).toBe(true);
        },
      ),
      { seed: 42 },
    );
  });

  it('has no value over zero', () => {
    expect(() => roundedRatio(1n, 0n, 'UP')).toThrow(RangeError);
  });
});

it.each([
  [10n, 5n, 2n],
  [11n, 5n, 3n],
  [-11n, 5n, -2n],
])('takes %i / %i up to %i', (numerator, denominator, expected) => {
  expect(ceilDivide(numerator, denominator)).toBe(expected);
});
