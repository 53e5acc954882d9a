/**
 * Exact optimal binning (Navas-Palencia, arXiv 2001.08025, solved by dynamic programming in place of a
 * solver). A segment of prebins is worth (p - q) ln(p / q) less a penalty; bins are chosen to make the
 * sum greatest under a promised trend of the bad rate. Ties: fewer bins, then leftmost cuts.
 */
import type { Trend } from './column.ts';
import { type BinningLimits, type Counts, mirrored, type Segments, segmentsOf } from './segment.ts';

export interface Binning {
  /** Index of the first prebin of each bin; the first is 0. At least two bins. */
  readonly starts: readonly number[];
  /** Penalised. */
  readonly value: number;
}

/** best[k][i * n + j]: the best sum over 0..j in k bins of which (i, j) is the last; before: where the bin before starts. */
interface Chains {
  readonly best: readonly Float64Array[];
  readonly before: readonly Int32Array[];
}

type StraightTrend = 'ascending' | 'descending' | 'none';

/** The best binning with at least two bins, undefined where none is admissible. */
export const optimalBins = (
  counts: Counts,
  limits: BinningLimits,
  trend: Trend,
): Binning | undefined => binningSolver(counts, limits)(trend);

/** `optimalBins` of one column, trend after trend: what they have in common is computed once. */
export function binningSolver(
  counts: Counts,
  limits: BinningLimits,
): (trend: Trend) => Binning | undefined {
  if (counts.goods.length < 2) return () => undefined;
  const segments = once(() => segmentsOf(counts, limits));
  const mirror = once(() => mirrored(segments()));
  const chains = {
    ascending: once(() => chainsOf(segments(), limits.binsMax, 'ascending')),
    descending: once(() => chainsOf(segments(), limits.binsMax, 'descending')),
    none: once(() => chainsOf(segments(), limits.binsMax, 'none')),
  };
  const turn = (way: 'ascending' | 'descending') =>
    turning(segments(), limits.binsMax, {
      left: chains[way](),
      right: chainsOf(mirror(), limits.binsMax - 1, way),
    });
  return (trend) => {
    if (trend === 'peak') return turn('ascending');
    if (trend === 'valley') return turn('descending');
    return straight(segments(), chains[trend]());
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function chainsOf({ count: n, rate, worth }: Segments, binsMax: number, trend: StraightTrend) {
  const layers = Array.from({ length: binsMax + 1 }, (_, k) => k);
  const best = layers.map(() => new Float64Array(n * n).fill(-Infinity));
  const before = layers.map(() => new Int32Array(n * n).fill(-1));
  (best[1] as Float64Array).set(worth.subarray(0, n));
  const sign = trend === 'descending' ? -1 : 1;
  const isFree = trend === 'none';
  const predecessors = new Int32Array(n);
  const rates = new Float64Array(n);
  const prefixBest = new Float64Array(n);
  const prefixStart = new Int32Array(n);
  const ends = new Int32Array(n);
  const reach = new Int32Array(n);
  for (let i = 1; i < n; i += 1) {
    // Bins that may end before i, the one that may stand before most others first.
    let count = 0;
    for (let h = 0; h < i; h += 1) {
      if (worth[h * n + i - 1] === -Infinity) continue;
      const own = sign * (rate[h * n + i - 1] as number);
      let at = count;
      for (; !isFree && at > 0 && (rates[at - 1] as number) > own; at -= 1) {
        rates[at] = rates[at - 1] as number;
        predecessors[at] = predecessors[at - 1] as number;
      }
      rates[at] = own;
      predecessors[at] = h;
      count += 1;
    }
    if (count === 0) continue;
    // How many of them, the first ones, may stand before (i, j).
    let endCount = 0;
    for (let j = i; j < n; j += 1) {
      if (worth[i * n + j] === -Infinity) continue;
      const own = sign * (rate[i * n + j] as number);
      let low = 0;
      let high = count;
      while (low < high && !isFree) {
        const middle = (low + high) >> 1;
        if ((rates[middle] as number) <= own) low = middle + 1;
        else high = middle;
      }
      if (high === 0) continue;
      ends[endCount] = j;
      reach[endCount] = high;
      endCount += 1;
    }
    for (let k = 2; k <= binsMax; k += 1) {
      const shorter = best[k - 1] as Float64Array;
      let top = -Infinity;
      let start = -1;
      for (let at = 0; at < count; at += 1) {
        const h = predecessors[at] as number;
        const candidate = shorter[h * n + i - 1] as number;
        if (candidate > top || (candidate === top && h < start)) {
          top = candidate;
          start = h;
        }
        prefixBest[at] = top;
        prefixStart[at] = start;
      }
      if (top === -Infinity) continue; // No chain of so many bins ends here, so none will be longer.
      const bestHere = best[k] as Float64Array;
      const beforeHere = before[k] as Int32Array;
      for (let at = 0; at < endCount; at += 1) {
        const segment = i * n + (ends[at] as number);
        const last = (reach[at] as number) - 1;
        bestHere[segment] = (worth[segment] as number) + (prefixBest[last] as number);
        beforeHere[segment] = prefixStart[last] as number;
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
  { count: n, worth }: Segments,
  binsMax: number,
  { left, right }: { readonly left: Chains; readonly right: Chains },
): Binning | undefined {
  const inner: number[] = [];
  const turned: number[] = [];
  for (let i = 1; i < n - 1; i += 1) {
    for (let j = i; j < n - 1; j += 1) {
      if (worth[i * n + j] === -Infinity) continue;
      inner.push(i * n + j);
      turned.push((n - 1 - j) * n + n - 1 - i);
    }
  }
  let value = -Infinity;
  let found: { readonly segment: number; readonly k1: number; readonly k2: number } | undefined;
  for (let bins = 3; bins <= binsMax; bins += 1) {
    for (let k1 = 2; k1 < bins; k1 += 1) {
      const k2 = bins + 1 - k1;
      const up = left.best[k1] as Float64Array;
      const down = right.best[k2] as Float64Array;
      for (let at = 0; at < inner.length; at += 1) {
        const segment = inner[at] as number;
        const candidate =
          (up[segment] as number) +
          (down[turned[at] as number] as number) -
          (worth[segment] as number);
        if (candidate > value) {
          value = candidate;
          found = { segment, k1, k2 };
        }
      }
    }
  }
  if (found === undefined) return undefined;
  const i = Math.floor(found.segment / n);
  const j = found.segment % n;
  const starts = startsUpTo(left, n, found.k1, i, j);
  // In the mirror the starts are the ends of ours.
  const rest = startsUpTo(right, n, found.k2, n - 1 - j, n - 1 - i)
    .slice(1)
    .map((start) => n - start)
    .toReversed();
  return { starts: [...starts, ...rest], value };
}
