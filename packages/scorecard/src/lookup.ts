/**
 * From a value to its bin, the same in training and at run time. Specials come first, then levels or
 * cuts; bins are (a, b], so a value equal to a cut goes left.
 */

export interface BinLookup {
  readonly specials: readonly number[];
  /** Bin of the first special; the others follow. */
  readonly specialBin: number;
  readonly missingBin: number;
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
  for (let row = 0; row < column.length; row += 1) bins[row] = binOf(lookup, column[row] as number);
  return bins;
}
