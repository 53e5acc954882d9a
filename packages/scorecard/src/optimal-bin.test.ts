import { describe, expect, it } from 'vitest';
import type { Trend } from './column.ts';
import { optimalBins } from './optimal-bin.ts';
import { type Random, seededRandom } from './random.ts';
import { type BinningLimits, type Counts, segmentWorth } from './segment.ts';
import { allTrends, sumBetween } from './trend.ts';

interface Rates {
  readonly goods: number;
  readonly bads: number;
}

const binsIn = (counts: Counts, starts: readonly number[]): Rates[] =>
  starts.map((start, at) => {
    const end = starts[at + 1] ?? counts.goods.length;
    return {
      goods: sumBetween(counts.goods, start, end),
      bads: sumBetween(counts.bads, start, end),
    };
  });

/** Sign of the rate of b less the rate of a, in whole numbers. */
const step = (a: Rates, b: Rates): number =>
  Math.sign(b.bads * (a.goods + a.bads) - a.bads * (b.goods + b.bads));

function keeps(trend: Trend, bins: readonly Rates[]): boolean {
  const steps = bins.slice(1).map((bin, at) => step(bins[at] as Rates, bin));
  const turns = (before: number, after: number) =>
    steps.length >= 2 &&
    steps.some(
      (_, at) =>
        at > 0 &&
        steps.slice(0, at).every((s) => s * before >= 0) &&
        steps.slice(at).every((s) => s * after >= 0),
    );
  switch (trend) {
    case 'none':
      return true;
    case 'ascending':
      return steps.every((s) => s >= 0);
    case 'descending':
      return steps.every((s) => s <= 0);
    case 'peak':
      return turns(1, -1);
    case 'valley':
      return turns(-1, 1);
  }
}

function bruteForce(counts: Counts, limits: BinningLimits, trend: Trend): number {
  const n = counts.goods.length;
  let best = -Infinity;
  for (let mask = 1; mask < 2 ** (n - 1); mask += 1) {
    const starts = [0];
    for (let at = 1; at < n; at += 1) if ((mask >> (at - 1)) & 1) starts.push(at);
    if (starts.length > limits.binsMax) continue;
    const bins = binsIn(counts, starts);
    if (!keeps(trend, bins)) continue;
    let value = 0;
    for (const { goods, bads } of bins) value += segmentWorth(goods, bads, limits);
    if (value > best) best = value;
  }
  return best;
}

type Constraint = 'rowsMin' | 'goodsMin' | 'badsMin' | 'penalty';
const constraints: readonly Constraint[] = ['rowsMin', 'goodsMin', 'badsMin', 'penalty'];

/** With each constraint alone, with all, and with none, turn about; the most bins always count. */
function instance(random: Random, turn: number): { counts: Counts; limits: BinningLimits } {
  const n = 2 + random.below(7);
  const draw = (top: number) => Float64Array.from({ length: n }, () => random.below(top));
  const counts = { goods: draw(30), bads: draw(12) };
  const badsTotal = sumBetween(counts.bads, 0, n) + random.below(5) + 1;
  const only = turn % (constraints.length + 2);
  const held = (one: Constraint) =>
    only === constraints.length || constraints[only] === one ? 1 : 0;
  return {
    counts,
    limits: {
      binsMax: 2 + random.below(5),
      rowsMin: held('rowsMin') * random.below(25),
      goodsMin: held('goodsMin') * random.below(4),
      badsMin: held('badsMin') * random.below(4),
      goodsTotal: sumBetween(counts.goods, 0, n) + random.below(9) + 1,
      badsTotal,
      penalty: (held('penalty') * random.below(4)) / badsTotal,
    },
  };
}

describe('optimal bins', () => {
  it.each(allTrends)('equal brute force and keep their promise: %s', (trend) => {
    const random = seededRandom(42);
    let admissible = 0;
    for (let turn = 0; turn < 1_000; turn += 1) {
      const { counts, limits } = instance(random, turn);
      const best = bruteForce(counts, limits, trend);
      const found = optimalBins(counts, limits, trend);
      if (best === -Infinity) {
        expect(found).toBeUndefined();
        continue;
      }
      admissible += 1;
      const bins = binsIn(counts, found?.starts ?? []);
      const worth = bins.reduce((sum, b) => sum + segmentWorth(b.goods, b.bads, limits), 0);
      if (
        Math.abs((found?.value ?? 0) - best) > 1e-12 ||
        Math.abs(worth - best) > 1e-12 ||
        bins.length > limits.binsMax ||
        !keeps(trend, bins)
      ) {
        expect({ trend, counts, limits, found }).toEqual({ best });
      }
    }
    expect(admissible).toBeGreaterThan(400);
  });

  it('finer nested prebins never lower the worth', () => {
    const random = seededRandom(7);
    for (let turn = 0; turn < 100; turn += 1) {
      const n = 20;
      const draw = (top: number) => Float64Array.from({ length: n }, () => 1 + random.below(top));
      const fine = { goods: draw(30), bads: draw(12) };
      const pairs = (counts: Float64Array) =>
        Float64Array.from({ length: n / 2 }, (_, at) => sumBetween(counts, 2 * at, 2 * at + 2));
      const coarse = { goods: pairs(fine.goods), bads: pairs(fine.bads) };
      const limits: BinningLimits = {
        binsMax: 6,
        rowsMin: 0,
        goodsMin: 0,
        badsMin: 0,
        goodsTotal: sumBetween(fine.goods, 0, n),
        badsTotal: sumBetween(fine.bads, 0, n),
        penalty: 0.01,
      };
      for (const trend of allTrends) {
        const below = optimalBins(coarse, limits, trend)?.value ?? -Infinity;
        const above = optimalBins(fine, limits, trend)?.value ?? -Infinity;
        expect(above).toBeGreaterThanOrEqual(below - 1e-12);
      }
    }
  });

  it('prefers fewer bins, then leftmost cuts, among equals', () => {
    const limits: BinningLimits = {
      binsMax: 4,
      rowsMin: 1,
      goodsMin: 0,
      badsMin: 0,
      goodsTotal: 30,
      badsTotal: 30,
      penalty: 0,
    };
    const empty = { goods: [10, 0, 20], bads: [20, 0, 10] };
    const counts = {
      goods: Float64Array.from(empty.goods),
      bads: Float64Array.from(empty.bads),
    };
    expect(optimalBins(counts, limits, 'descending')?.starts).toEqual([0, 1]);
  });

  it('has no answer for one prebin', () => {
    const counts = { goods: Float64Array.of(5), bads: Float64Array.of(5) };
    const limits: BinningLimits = {
      binsMax: 8,
      rowsMin: 0,
      goodsMin: 0,
      badsMin: 0,
      goodsTotal: 5,
      badsTotal: 5,
      penalty: 0,
    };
    expect(allTrends.map((trend) => optimalBins(counts, limits, trend))).toEqual(
      allTrends.map(() => undefined),
    );
  });
});
