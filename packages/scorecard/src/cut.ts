/** Where a feature is cut: at the best admissible bins of its prebins, or of its levels. */
import type { FeatureDefinition, Trend } from './column.ts';
import type { BinningConfig } from './config.ts';
import { orderLevels } from './level.ts';
import { type BinLookup, binsOf } from './lookup.ts';
import { auc } from './metrics.ts';
import { optimalBins } from './optimal-bin.ts';
import { prebinCuts } from './prebin.ts';
import type { BinningLimits, Counts } from './segment.ts';
import { chooseTrend, type FoldCounts } from './trend.ts';
import type { Totals } from './weight-of-evidence.ts';

/** One feature alone ranks better than this: too good to be true. */
const separationAuc = 0.85;

export interface CutFeature {
  readonly lookup: BinLookup;
  readonly trend: Trend;
  /** Why regular values have no weight: of one value, no admissible split, or parting the classes; else empty. */
  readonly note: string;
  readonly prebins: { readonly counts: Counts; readonly limits: BinningLimits };
}

type Cutter = (
  definition: FeatureDefinition,
  column: Float64Array,
  bad: Uint8Array,
  limits: BinningLimits,
  totals: Totals,
  config: BinningConfig,
) => CutFeature;

export const cutFeature: Cutter = (definition, ...rest) =>
  (definition.categorical ? cutLevels : cutNumbers)(definition, ...rest);

const cutNumbers: Cutter = (definition, column, bad, limits, _totals, config) => {
  const cuts = prebinCuts(regularOf(column, definition.specials).sort(), config.prebinsMax);
  const fine = lookupOf(definition, cuts, undefined, cuts.length + 1);
  const { all, folds } = countPrebins(fine, column, bad, config.innerFolds);
  const { trend, binning } = chooseTrend(
    all,
    folds,
    limits,
    definition.trend,
    config.turningGainMin,
  );
  const starts = binning?.starts ?? [0];
  const kept = Float64Array.from(starts.slice(1), (start) => cuts[start - 1] as number);
  return {
    trend,
    note: binning ? '' : whyNoSplit(all),
    lookup: lookupOf(definition, kept, undefined, starts.length),
    prebins: { counts: all, limits },
  };
};

function regularOf(column: Float64Array, specials: readonly number[]): Float64Array {
  const regular = new Float64Array(column.length);
  let count = 0;
  for (let row = 0; row < column.length; row += 1) {
    const x = column[row] as number;
    if (!Number.isFinite(x) || (specials.length > 0 && specials.includes(x))) continue;
    regular[count] = x;
    count += 1;
  }
  return regular.subarray(0, count);
}

const cutLevels: Cutter = (definition, column, bad, limits, totals, config) => {
  const { ordered, pooled } = orderLevels(definition, column, bad, totals, config);
  const counts = {
    goods: Float64Array.from(ordered, ({ goods }) => goods),
    bads: Float64Array.from(ordered, ({ bads }) => bads),
  };
  const binning = optimalBins(counts, limits, 'ascending');
  const starts = binning?.starts ?? [0];
  const levels = new Map<number, number>();
  let otherBin = starts.length;
  for (const [bin, start] of starts.entries()) {
    for (const level of ordered.slice(start, starts[bin + 1])) {
      for (const code of level.codes) levels.set(code, bin);
      if (level === pooled) otherBin = bin;
    }
  }
  const specialBin = Math.max(starts.length, otherBin + 1);
  return {
    trend: 'ascending',
    note: binning ? '' : whyNoSplit(counts),
    lookup: { ...lookupOf(definition, new Float64Array(0), levels, specialBin), otherBin },
    prebins: { counts, limits },
  };
};

/** A perfect separator has no admissible split either, which must not read as "no signal". */
function whyNoSplit({ goods, bads }: Counts): string {
  if (goods.length < 2) return 'single value';
  const risk: number[] = [];
  const labels: number[] = [];
  for (let bin = 0; bin < goods.length; bin += 1) {
    for (let row = 0; row < (goods[bin] as number) + (bads[bin] as number); row += 1) {
      risk.push(bin);
      labels.push(row < (goods[bin] as number) ? 0 : 1);
    }
  }
  const ranks = auc(risk, Uint8Array.from(labels));
  return ranks > separationAuc || ranks < 1 - separationAuc
    ? 'parts the classes: no admissible split, a leak?'
    : 'no admissible split';
}

function lookupOf(
  { specials }: FeatureDefinition,
  cuts: Float64Array,
  levels: ReadonlyMap<number, number> | undefined,
  specialBin: number,
): BinLookup {
  const missingBin = specialBin + specials.length;
  return { specials, specialBin, missingBin, cuts, levels, otherBin: missingBin };
}

function countPrebins(
  lookup: BinLookup,
  column: Float64Array,
  bad: Uint8Array,
  foldCount: number,
): { readonly all: Counts; readonly folds: readonly FoldCounts[] } {
  const empty = () => new Float64Array(lookup.specialBin);
  const tallies = Array.from({ length: foldCount }, () => ({ goods: empty(), bads: empty() }));
  const totals = tallies.map(() => ({ goods: 0, bads: 0 }));
  const rowBins = binsOf(lookup, column);
  for (let row = 0; row < column.length; row += 1) {
    const side = bad[row] === 1 ? 'bads' : 'goods';
    const bin = rowBins[row] as number;
    const fold = row % foldCount;
    (totals[fold] as { goods: number; bads: number })[side] += 1;
    if (bin >= lookup.specialBin) continue;
    const counts = (tallies[fold] as { goods: Float64Array; bads: Float64Array })[side];
    counts[bin] = (counts[bin] as number) + 1;
  }
  const folds = tallies.map((tally, at) => ({
    ...tally,
    goodsTotal: totals[at]?.goods ?? 0,
    badsTotal: totals[at]?.bads ?? 0,
  }));
  const all = { goods: empty(), bads: empty() };
  for (const { goods, bads } of tallies) {
    for (let bin = 0; bin < lookup.specialBin; bin += 1) {
      all.goods[bin] = (all.goods[bin] as number) + (goods[bin] as number);
      all.bads[bin] = (all.bads[bin] as number) + (bads[bin] as number);
    }
  }
  return { all, folds };
}
