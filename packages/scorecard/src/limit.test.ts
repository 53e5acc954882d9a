import { expect, it } from 'vitest';
import { defaultConfig } from './config.ts';
import { suggestedLimit } from './limit.ts';

const limit = (one: 'A' | 'B' | 'C' | 'D', lowest: bigint, quartile: bigint, sales: bigint) =>
  suggestedLimit(defaultConfig.limitTable, one, {
    lowestMonthFen: lowest,
    firstQuartileMonthFen: quartile,
    sales12mFen: sales,
  });

it.each([
  ['A', 300n, 200n, 10_000n, 600n, 'BASE'],
  ['A', 299n, 200n, 10_000n, 598n, 'BASE'],
  ['A', 301n, 200n, 10_000n, 600n, 'BASE'],
  ['A', 900n, 600n, 10_000n, 1_800n, 'BASE'], // A tie.
  ['A', 901n, 601n, 10_000n, 1_800n, 'SALES'],
  ['B', 300n, 200n, 10_000n, 420n, 'BASE'],
  ['C', 300n, 200n, 10_000n, 240n, 'BASE'],
  ['C', 300n, 200n, 2_999n, 239n, 'SALES'],
  ['B', -1n, 200n, 10_000n, 0n, 'BASE'],
  ['D', 300n, 200n, 10_000n, 0n, 'CLASS'],
] as const)(
  'class %s, %d and %d fen a month, %d a year: %d by %s',
  (one, low, quartile, sales, fen, term) => {
    expect(limit(one, low, quartile, sales)).toEqual({ limitFen: fen, bindingTerm: term });
  },
);
