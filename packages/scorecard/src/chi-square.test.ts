import { expect, it } from 'vitest';
import { chiSquareTail } from './chi-square.ts';

// The usual table of critical values, as in Abramowitz and Stegun, table 26.8.
it.each([
  [1, 0.05, 3.84146],
  [1, 0.001, 10.8276],
  [2, 0.05, 5.99146],
  [3, 0.01, 11.3449],
  [4, 0.5, 3.35669],
  [6, 0.05, 12.5916],
  [10, 0.995, 2.15585],
  [30, 0.05, 43.773],
])('with %d degrees of freedom %d lie above %d', (degrees, share, statistic) => {
  expect(chiSquareTail(statistic, degrees)).toBeCloseTo(share, 5);
});

it('is 1 at nothing, falls all the way, and keeps its digits far out', () => {
  expect(chiSquareTail(0, 1)).toBe(1);
  expect(chiSquareTail(-1e-12, 3)).toBe(1);
  const tails = Array.from({ length: 400 }, (_, at) => chiSquareTail(at / 4, 1));
  expect(tails).toEqual(tails.toSorted((a, b) => b - a));
  // 2 (1 - normal law at 10).
  expect(chiSquareTail(100, 1) / 1.523970604832e-23).toBeCloseTo(1, 9);
});
