/**
 * Which trend a numeric feature follows. A prior of the definition wins. `auto` takes the better
 * monotone trend and leaves it for a peak or valley only if that is worth more in training and, with
 * weights learnt without them, clearly more on inner folds too: a turn seen in one feature alone is
 * often the shadow of another, and then the monotone bins combine better.
 */
import { log } from '@lianbao/kernel';
import type { Trend } from './column.ts';
import { type Binning, binningSolver } from './optimal-bin.ts';
import type { BinningLimits, Counts } from './segment.ts';

export interface TrendChoice {
  readonly trend: Trend;
  readonly binning: Binning | undefined;
}

/** The same prebins counted in each inner fold, with the fold's totals. */
export interface FoldCounts extends Counts {
  readonly goodsTotal: number;
  readonly badsTotal: number;
}

export const allTrends: readonly Trend[] = ['ascending', 'descending', 'peak', 'valley', 'none'];

export function chooseTrend(
  counts: Counts,
  folds: readonly FoldCounts[],
  limits: BinningLimits,
  wanted: Trend | 'auto',
  turningGainMin: number,
): TrendChoice {
  const solver = binningSolver(counts, limits);
  const solve = (trend: Trend): TrendChoice => ({ trend, binning: solver(trend) });
  if (wanted !== 'auto') return solve(wanted);
  const straight = better(solve('ascending'), solve('descending'));
  const turning = better(solve('peak'), solve('valley'));
  if (worthOf(turning) <= worthOf(straight)) return straight;
  if (straight.binning === undefined) return turning;
  let gain = 0;
  for (const fold of folds) {
    const rest = without(counts, fold);
    const restLimits = {
      ...limits,
      goodsTotal: limits.goodsTotal - fold.goodsTotal,
      badsTotal: limits.badsTotal - fold.badsTotal,
    };
    const restSolver = binningSolver(rest, restLimits);
    const held = (trend: Trend) => heldOutWorth(restSolver(trend), rest, restLimits, fold);
    gain += held(turning.trend) - held(straight.trend);
  }
  return gain / folds.length >= turningGainMin ? turning : straight;
}

const worthOf = ({ binning }: TrendChoice): number => binning?.value ?? -Infinity;

const better = (a: TrendChoice, b: TrendChoice): TrendChoice => (worthOf(b) > worthOf(a) ? b : a);

const without = (all: Counts, part: Counts): Counts => ({
  goods: all.goods.map((count, at) => count - (part.goods[at] as number)),
  bads: all.bads.map((count, at) => count - (part.bads[at] as number)),
});

/** Difference of shares on the held-out rows times the weights learnt on the others, less the penalty. */
function heldOutWorth(
  binning: Binning | undefined,
  rest: Counts,
  limits: BinningLimits,
  fold: FoldCounts,
): number {
  if (binning === undefined) return 0;
  let worth = 0;
  for (const [at, start] of binning.starts.entries()) {
    const end = binning.starts[at + 1] ?? rest.goods.length;
    const share = (counts: Counts, goodsTotal: number, badsTotal: number) => ({
      p: (sumBetween(counts.goods, start, end) + 0.5) / (goodsTotal + 1),
      q: (sumBetween(counts.bads, start, end) + 0.5) / (badsTotal + 1),
    });
    const learnt = share(rest, limits.goodsTotal, limits.badsTotal);
    const seen = share(fold, fold.goodsTotal, fold.badsTotal);
    worth += (seen.p - seen.q) * log(learnt.p / learnt.q) - limits.penalty;
  }
  return worth;
}

export function sumBetween(counts: Float64Array, start: number, end: number): number {
  let sum = 0;
  for (let at = start; at < end; at += 1) sum += counts[at] as number;
  return sum;
}
