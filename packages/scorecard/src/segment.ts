/** Runs of neighbouring prebins, each a bin that might be, with its bad rate and its worth. */
import { log } from '@lianbao/kernel';

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

/** Segments (first, last) in one array each: first * count + last. */
export interface Segments {
  readonly count: number;
  /** Bad rate. Quotients of whole numbers below 2^26 are in the order of the fractions themselves. */
  readonly rate: Float64Array;
  readonly worth: Float64Array;
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

export function segmentsOf({ goods, bads }: Counts, limits: BinningLimits): Segments {
  const count = goods.length;
  const rate = new Float64Array(count * count);
  const worth = new Float64Array(count * count).fill(-Infinity);
  for (let i = 0; i < count; i += 1) {
    let g = 0;
    let b = 0;
    for (let j = i; j < count; j += 1) {
      g += goods[j] as number;
      b += bads[j] as number;
      rate[i * count + j] = b / (g + b);
      worth[i * count + j] = segmentWorth(g, b, limits);
    }
  }
  return { count, rate, worth };
}

/** Of the prebins from right to left: there (a, b) is (n - 1 - b, n - 1 - a). */
export function mirrored({ count: n, rate, worth }: Segments): Segments {
  const turned = {
    count: n,
    rate: new Float64Array(n * n),
    worth: new Float64Array(n * n).fill(-Infinity),
  };
  for (let i = 0; i < n; i += 1) {
    for (let j = i; j < n; j += 1) {
      const to = (n - 1 - j) * n + n - 1 - i;
      turned.rate[to] = rate[i * n + j] as number;
      turned.worth[to] = worth[i * n + j] as number;
    }
  }
  return turned;
}
