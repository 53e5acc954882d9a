import { expect, it } from 'vitest';
import { percentile } from './percentile.ts';

it.each([
  [0.5, 50],
  [0.51, 51],
  [0.99, 99],
  [0.991, 100],
  [1, 100],
])('share %d of 1 to 100 is %d', (share, value) => {
  const values = Array.from({ length: 100 }, (_, at) => 100 - at);
  expect(percentile(values, share)).toBe(value);
});

it('is 0 of nothing', () => {
  expect(percentile([], 0.5)).toBe(0);
});
