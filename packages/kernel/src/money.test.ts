import { describe, expect, it } from 'vitest';
import {
  compare,
  fen,
  formatMoney,
  greatest,
  least,
  minus,
  negate,
  plus,
  scale,
  scaleDown,
  scaleUp,
  stepDown,
  sumOf,
  times,
  yuan,
} from './money.ts';

it('counts a yuan as one hundred fen', () => {
  expect(yuan(3n)).toEqual(fen(300n));
});

it('adds, subtracts, multiplies and negates exactly above 2^53', () => {
  const large = fen(9_007_199_254_740_993n);
  expect(plus(large, fen(1n))).toEqual(fen(9_007_199_254_740_994n));
  expect(minus(large, fen(1n))).toEqual(fen(9_007_199_254_740_992n));
  expect(times(large, 3n)).toEqual(fen(27_021_597_764_222_979n));
  expect(negate(large)).toEqual(fen(-9_007_199_254_740_993n));
});

it.each([
  [1n, 2n, -1],
  [2n, 2n, 0],
  [3n, 2n, 1],
])('compares %i fen with %i fen as %i', (a, b, expected) => {
  expect(compare(fen(a), fen(b))).toBe(expected);
});

it('finds the least and the greatest of several', () => {
  expect(least(fen(2n), fen(-1n), fen(3n))).toEqual(fen(-1n));
  expect(greatest(fen(2n), fen(-1n), fen(3n))).toEqual(fen(3n));
});

it('sums nothing to zero and several to their sum', () => {
  expect(sumOf([])).toEqual(fen(0n));
  expect(sumOf([fen(1n), fen(-3n), fen(7n)])).toEqual(fen(5n));
});

describe('a ratio of money', () => {
  it('goes up to the next fen for what may be lost and down for what may be lent', () => {
    expect(scaleUp(fen(1n), 1n, 3n)).toEqual(fen(1n));
    expect(scaleDown(fen(1n), 2n, 3n)).toEqual(fen(0n));
  });

  it('is left alone by both when it is whole', () => {
    expect(scaleUp(fen(9n), 1n, 3n)).toEqual(fen(3n));
    expect(scaleDown(fen(9n), 1n, 3n)).toEqual(fen(3n));
  });

  it('takes a tie to the even fen or away from zero, as asked', () => {
    expect(scale(fen(5n), 1n, 2n, 'HALF_EVEN')).toEqual(fen(2n));
    expect(scale(fen(5n), 1n, 2n, 'HALF_UP')).toEqual(fen(3n));
  });
});

describe('stepDown', () => {
  it.each([
    [99_999n, 0n],
    [100_000n, 100_000n],
    [199_999n, 100_000n],
    [-1n, -100_000n],
  ])('takes %i fen down to %i in steps of 1,000.00', (amount, expected) => {
    expect(stepDown(fen(amount), yuan(1_000n))).toEqual(fen(expected));
  });

  it.each([0n, -1n])('refuses a step of %i fen', (step) => {
    expect(() => stepDown(fen(10n), fen(step))).toThrow(
      expect.objectContaining({
        reason: 'FIELD_INVALID',
        facts: { field: 'step', limit: 'positive' },
      }),
    );
  });
});

it.each([
  [0n, '0.00'],
  [5n, '0.05'],
  [-5n, '-0.05'],
  [99_999n, '999.99'],
  [100_000n, '1,000.00'],
  [-123_456_789n, '-1,234,567.89'],
])('writes %i fen as %s', (amount, text) => {
  expect(formatMoney(fen(amount))).toBe(text);
});
