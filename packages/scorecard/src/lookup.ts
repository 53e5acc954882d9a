/**
 * From a value to its bin, the same in training and at run time. Specials come first, then levels or
 * cuts; bins are (a, b], so a value equal to a cut goes left.
 */

export interface BinLookup {
  readonly specials: readonly number[];
  /** Bin of the first special; the others follow. */
  readonly specialBin: number;
  readonly missingBin: number;
  /** Ascending. */
  readonly cuts: Float64Array;
  /** Of a categorical feature: code to bin. */
  readonly levels: ReadonlyMap<number, number> | undefined;
  /** Where unseen levels go. */
  readonly otherBin: number;
}

export function binOf(lookup: BinLookup, value: number): number {
  if (!Number.isFinite(value)) return lookup.missingBin;
  const special = lookup.specials.indexOf(value); // -0 equals 0 here.
  if (special >= 0) return lookup.specialBin + special;
  if (lookup.levels !== undefined) return lookup.levels.get(value) ?? lookup.otherBin;
  const { cuts } = lookup;
  let low = 0;
  let high = cuts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value <= (cuts[middle] as number)) high = middle;
    else low = middle + 1;
  }
  return low;
}

export function binsOf(lookup: BinLookup, column: Float64Array): Int32Array {
  const bins = new Int32Array(column.length);
  fillBins(lookup, column, bins);
  return bins;
}

/** `binOf` of every value at once, several times as fast; allocates nothing. */
export function fillBins(lookup: BinLookup, values: Float64Array, bins: Int32Array): void {
  const { levels, otherBin, cuts, specials, specialBin, missingBin } = lookup;
  if (levels === undefined) countCutsBelow(cuts, values, bins);
  else {
    for (let at = 0; at < values.length; at += 1) {
      bins[at] = levels.get(values[at] as number) ?? otherBin;
    }
  }
  // Of two specials that are the same the first has the bin.
  for (let special = specials.length - 1; special >= 0; special -= 1) {
    const code = specials[special] as number;
    for (let at = 0; at < values.length; at += 1) {
      if (values[at] === code) bins[at] = specialBin + special;
    }
  }
  for (let at = 0; at < values.length; at += 1) {
    if (!isRegular(values[at] as number)) bins[at] = missingBin;
  }
}

/** NaN and the infinities less themselves are NaN. */
const isRegular = (value: number): boolean => value - value === 0;

const cutsAtOnce = 7; // All that a card of eight bins has.

/**
 * The bin of a value is the number of cuts below it. Seven comparisons without a branch between them
 * are quicker than three that the processor cannot foresee.
 */
function countCutsBelow(cuts: Float64Array, values: Float64Array, bins: Int32Array): void {
  bins.fill(0);
  for (let first = 0; first < cuts.length; first += cutsAtOnce) {
    const a = cuts[first] ?? Infinity;
    const b = cuts[first + 1] ?? Infinity;
    const c = cuts[first + 2] ?? Infinity;
    const d = cuts[first + 3] ?? Infinity;
    const e = cuts[first + 4] ?? Infinity;
    const f = cuts[first + 5] ?? Infinity;
    const g = cuts[first + 6] ?? Infinity;
    for (let at = 0; at < values.length; at += 1) {
      const x = values[at] as number;
      const left = Number(x > a) + Number(x > b) + Number(x > c) + Number(x > d);
      bins[at] = (bins[at] as number) + left + Number(x > e) + Number(x > f) + Number(x > g);
    }
  }
}
