/**
 * Exact optimal binning (Navas-Palencia, arXiv 2001.08025, solved by dynamic programming in place of a
 * solver). A segment of prebins is worth (p - q) ln(p / q) less a penalty; bins are chosen to make the
 * sum greatest under a promised trend of the bad rate. Rates are compared by whole-number
 * cross-multiplication. Ties: fewer bins, then leftmost cuts.
 */
import { log } from '@lianbao/kernel';
import type { Trend } from './column.ts';

/** Rows in each prebin, from the smallest value to the greatest. */
export interface Counts {
  readonly goods: Float64Array;
  readonly bads: Float64Array;
}

export interface BinningLimits {
  readonly binsMax: number;
  readonly rowsMin: number;
  readonly goodsMin: number;
  readonly badsMin: number;
  /** Of the whole sample, special and missing included. */
  readonly goodsTotal: number;
  readonly badsTotal: number;
  /** Taken off the worth of each bin. */
  readonly penalty: number;
}

export interface Binning {
  /** Index of the first prebin of each bin; the first is 0. At least two bins. */
  readonly starts: readonly number[];
  /** Penalised. */
  readonly value: number;
}

/** Segments (first, last) in one array each: first * count + last. */
interface Segments {
  readonly count: number;
  readonly goods: Float64Array;
  readonly bads: Float64Array;
  readonly worth: Float64Array;
}

/** best[k][i * n + j]: the best sum over 0..j in k bins of which (i, j) is the last; before: where the bin before starts. */
interface Chains {
  readonly best: readonly Float64Array[];
  readonly before: readonly Int32Array[];
}

/** What a bin of g goods and b bads is worth, -Infinity where it is not admissible. */
export function segmentWorth(g: number, b: number, limits: BinningLimits): number {
  // An empty bin has no rate to compare.
  if (g + b === 0 || g + b < limits.rowsMin || g < limits.goodsMin || b < limits.badsMin)
    return -Infinity;
  const p = (g + 0.5) / (limits.goodsTotal + 1);
  const q = (b + 0.5) / (limits.badsTotal + 1);
  return (p - q) * log(p / q) - limits.penalty;
}

/** The best binning with at least two bins, undefined where none is admissible. */
export function optimalBins(
  counts: Counts,
  limits: BinningLimits,
  trend: Trend,
): Binning | undefined {
  if (counts.goods.length < 2) return undefined;
  const segments = segmentsOf(counts, limits);
  if (trend === 'peak' || trend === 'valley') return turning(counts, segments, limits, trend);
  return straight(segments, chainsOf(segments, limits.binsMax, trend));
}

function segmentsOf({ goods, bads }: Counts, limits: BinningLimits): Segments {
  const count = goods.length;
  const size = count * count;
  const segments = {
    count,
    goods: new Float64Array(size),
    bads: new Float64Array(size),
    worth: new Float64Array(size).fill(-Infinity),
  };
  for (let i = 0; i < count; i += 1) {
    let g = 0;
    let b = 0;
    for (let j = i; j < count; j += 1) {
      g += goods[j] as number;
      b += bads[j] as number;
      segments.goods[i * count + j] = g;
      segments.bads[i * count + j] = b;
      segments.worth[i * count + j] = segmentWorth(g, b, limits);
    }
  }
  return segments;
}

function chainsOf(
  segments: Segments,
  binsMax: number,
  trend: 'ascending' | 'descending' | 'none',
): Chains {
  const { count: n, goods, bads, worth } = segments;
  const layers = Array.from({ length: binsMax + 1 }, (_, k) => k);
  const best = layers.map(() => new Float64Array(n * n).fill(-Infinity));
  const before = layers.map(() => new Int32Array(n * n).fill(-1));
  /** Above 0: the bad rate of segment a is above that of b. */
  const rateOrder = (a: number, b: number): number => {
    const left = (bads[a] as number) * ((goods[b] as number) + (bads[b] as number));
    const right = (bads[b] as number) * ((goods[a] as number) + (bads[a] as number));
    return left - right;
  };
  const sign = trend === 'none' ? 0 : trend === 'ascending' ? 1 : -1;
  const prefixBest = new Float64Array(n);
  const prefixStart = new Int32Array(n);
  const reach = new Int32Array(n);
  for (let i = 0; i < n; i += 1) {
    for (let j = i; j < n; j += 1) {
      (best[1] as Float64Array)[i * n + j] = i === 0 ? (worth[j] as number) : -Infinity;
    }
    const predecessors: number[] = [];
    for (let h = 0; h < i; h += 1) {
      if ((worth[h * n + i - 1] as number) > -Infinity) predecessors.push(h);
    }
    if (predecessors.length === 0) continue;
    if (sign !== 0) {
      predecessors.sort((a, b) => sign * rateOrder(a * n + i - 1, b * n + i - 1) || a - b);
    }
    // How many predecessors, the safest first, may stand before (i, j).
    for (let j = i; j < n; j += 1) {
      let low = 0;
      let high = predecessors.length;
      while (low < high && sign !== 0) {
        const middle = (low + high) >> 1;
        const segment = (predecessors[middle] as number) * n + i - 1;
        if (sign * rateOrder(segment, i * n + j) <= 0) low = middle + 1;
        else high = middle;
      }
      reach[j] = sign === 0 ? high : low;
    }
    for (let k = 2; k <= binsMax; k += 1) {
      const shorter = best[k - 1] as Float64Array;
      let top = -Infinity;
      let start = -1;
      for (let at = 0; at < predecessors.length; at += 1) {
        const h = predecessors[at] as number;
        const candidate = shorter[h * n + i - 1] as number;
        if (candidate > top || (candidate === top && h < start)) {
          top = candidate;
          start = h;
        }
        prefixBest[at] = top;
        prefixStart[at] = start;
      }
      const bestHere = best[k] as Float64Array;
      const beforeHere = before[k] as Int32Array;
      for (let j = i; j < n; j += 1) {
        const own = worth[i * n + j] as number;
        const reached = reach[j] as number;
        if (own === -Infinity || reached === 0) continue;
        bestHere[i * n + j] = own + (prefixBest[reached - 1] as number);
        beforeHere[i * n + j] = prefixStart[reached - 1] as number;
      }
    }
  }
  return { best, before };
}

function straight({ count: n }: Segments, chains: Chains): Binning | undefined {
  let value = -Infinity;
  let bins = 0;
  let start = -1;
  for (let k = 2; k < chains.best.length; k += 1) {
    for (let i = 0; i < n; i += 1) {
      const candidate = (chains.best[k] as Float64Array)[i * n + n - 1] as number;
      if (candidate > value) [value, bins, start] = [candidate, k, i];
    }
  }
  if (bins === 0) return undefined;
  return { starts: startsUpTo(chains, n, bins, start, n - 1), value };
}

/** The starts of the k bins of the best chain that ends with (start, end). */
function startsUpTo(chains: Chains, n: number, k: number, start: number, end: number): number[] {
  const starts: number[] = [];
  let i = start;
  let j = end;
  for (let bins = k; bins >= 1; bins -= 1) {
    starts.unshift(i);
    const previous = (chains.before[bins] as Int32Array)[i * n + j] as number;
    j = i - 1;
    i = previous;
  }
  return starts;
}

/** Joins the chain up to the turning bin with its mirror image; both sides have a bin besides it. */
function turning(
  counts: Counts,
  segments: Segments,
  limits: BinningLimits,
  trend: 'peak' | 'valley',
): Binning | undefined {
  const { count: n, worth } = segments;
  const way = trend === 'peak' ? 'ascending' : 'descending';
  const mirror = segmentsOf(
    { goods: counts.goods.toReversed(), bads: counts.bads.toReversed() },
    limits,
  );
  const left = chainsOf(segments, limits.binsMax - 1, way);
  const right = chainsOf(mirror, limits.binsMax - 1, way);
  let value = -Infinity;
  let found: { i: number; j: number; k1: number; k2: number } | undefined;
  for (let bins = 3; bins <= limits.binsMax; bins += 1) {
    for (let k1 = 2; k1 < bins; k1 += 1) {
      const k2 = bins + 1 - k1;
      for (let i = 1; i < n - 1; i += 1) {
        for (let j = i; j < n - 1; j += 1) {
          const up = (left.best[k1] as Float64Array)[i * n + j] as number;
          const down = (right.best[k2] as Float64Array)[(n - 1 - j) * n + n - 1 - i] as number;
          if (up === -Infinity || down === -Infinity) continue;
          const candidate = up + down - (worth[i * n + j] as number);
          if (candidate > value) {
            value = candidate;
            found = { i, j, k1, k2 };
          }
        }
      }
    }
  }
  if (found === undefined) return undefined;
  const { i, j, k1, k2 } = found;
  const starts = startsUpTo(left, n, k1, i, j);
  // In the mirror a bin (a, b) is (n - 1 - b, n - 1 - a): its starts are the ends of ours.
  const mirrored = startsUpTo(right, n, k2, n - 1 - j, n - 1 - i);
  const rest = mirrored
    .slice(1)
    .map((start) => n - start)
    .toReversed();
  return { starts: [...starts, ...rest], value };
}
