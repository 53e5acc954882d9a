/**
 * One feature binned on a training sample: its bins with counts and weights, and how a value finds its
 * bin. Order of bins: regular ones from left to right, other (categorical only), specials, missing.
 */
import type { FeatureDefinition, Trend } from './column.ts';
import type { BinningConfig } from './config.ts';
import { orderLevels } from './level.ts';
import { type BinLookup, binsOf } from './lookup.ts';
import { auc } from './metrics.ts';
import { type BinningLimits, type Counts, optimalBins } from './optimal-bin.ts';
import { prebinCuts } from './prebin.ts';
import { allTrends, chooseTrend, type FoldCounts } from './trend.ts';
import { informationPart, regularWeight, shrunkWeight, type Totals } from './weight-of-evidence.ts';

/** One feature alone ranks better than this: too good to be true. */
const separationAuc = 0.85;

export type BinKind = 'REGULAR' | 'OTHER' | 'SPECIAL' | 'MISSING';

export interface Bin {
  readonly kind: BinKind;
  readonly goods: number;
  readonly bads: number;
  /** ln(share of goods / share of bads): high is safe. */
  readonly weight: number;
}

export interface BinnedFeature {
  readonly definition: FeatureDefinition;
  readonly lookup: BinLookup;
  readonly bins: readonly Bin[];
  /** The bin of each training row. */
  readonly rowBins: Int32Array;
  readonly trend: Trend;
  readonly informationValue: number;
  /** Why regular values have no weight: of one value, no admissible split, or parting the classes; else empty. */
  readonly note: string;
  readonly prebins: { readonly counts: Counts; readonly limits: BinningLimits };
}

export function binFeature(
  definition: FeatureDefinition,
  column: Float64Array,
  bad: Uint8Array,
  config: BinningConfig,
): BinnedFeature {
  const totals = totalsOf(bad);
  const limits = limitsOf(totals, config);
  const cut = definition.categorical ? cutLevels : cutNumbers;
  const { trend, lookup, prebins, note } = cut(definition, column, bad, limits, totals, config);
  const rowBins = binsOf(lookup, column);
  const goods = new Float64Array(lookup.missingBin + 1);
  const bads = new Float64Array(lookup.missingBin + 1);
  for (let row = 0; row < column.length; row += 1) {
    const counts = bad[row] === 1 ? bads : goods;
    counts[rowBins[row] as number] = (counts[rowBins[row] as number] as number) + 1;
  }
  const kinds = Array.from(goods, (_, at) => kindOf(lookup, at));
  const regularOnes = kinds.filter((kind) => kind === 'REGULAR').length;
  const weights = kinds.map((kind, at) =>
    kind === 'REGULAR' && regularOnes > 1
      ? regularWeight(goods[at] as number, bads[at] as number, totals)
      : kind === 'REGULAR'
        ? 0
        : shrunkWeight(goods[at] as number, bads[at] as number, totals, config.shrinkageRows),
  );
  const worst = Math.min(...weights.filter((_, at) => kinds[at] === 'REGULAR'));
  let informationValue = 0;
  const bins = kinds.map((kind, at): Bin => {
    const g = goods[at] as number;
    const b = bads[at] as number;
    const own = weights[at] as number;
    const weight = policyWeight(definition, lookup, at, own, worst);
    informationValue += informationPart(g, b, totals, weight);
    return { kind, goods: g, bads: b, weight };
  });
  return { definition, lookup, bins, rowBins, trend, informationValue, note, prebins };
}

/** Worth that each trend would have, beside what no restriction gives; for the report. */
export function trendWorths({ prebins, definition }: BinnedFeature): Record<string, number> {
  if (definition.categorical) return {};
  const worths: Record<string, number> = {};
  for (const trend of allTrends) {
    const binning = optimalBins(prebins.counts, prebins.limits, trend);
    if (binning !== undefined) worths[trend] = binning.value;
  }
  return worths;
}

function kindOf(lookup: BinLookup, bin: number): BinKind {
  if (bin === lookup.missingBin) return 'MISSING';
  if (bin >= lookup.specialBin) return 'SPECIAL';
  // Where rare levels were pooled, other is one of the regular bins.
  if (lookup.levels !== undefined && bin === lookup.otherBin && !holdsLevels(lookup, bin)) {
    return 'OTHER';
  }
  return 'REGULAR';
}

const holdsLevels = ({ levels }: BinLookup, bin: number): boolean =>
  levels?.values().some((at) => at === bin) ?? false;

function policyWeight(
  { missingPolicy, neutralSpecials, specials }: FeatureDefinition,
  lookup: BinLookup,
  bin: number,
  own: number,
  worst: number,
): number {
  if (bin === lookup.missingBin) {
    if (missingPolicy === 'neutral') return 0;
    return missingPolicy === 'worst' ? worst : own;
  }
  const special = specials[bin - lookup.specialBin];
  return special !== undefined && neutralSpecials?.includes(special) ? 0 : own;
}

export function totalsOf(bad: Uint8Array): Totals {
  let bads = 0;
  for (const label of bad) bads += label;
  return { goods: bad.length - bads, bads };
}

function limitsOf({ goods, bads }: Totals, config: BinningConfig): BinningLimits {
  const rows = goods + bads;
  const rowsMin =
    rows <= config.smallSampleRows
      ? Math.ceil(rows * config.smallSampleShare)
      : Math.max(config.rowsMin, Math.ceil(rows * config.rowsShare));
  const classMin = Math.max(3, Math.min(30, Math.floor(Math.min(goods, bads) / 100)));
  return {
    binsMax: config.binsMax,
    rowsMin,
    goodsMin: classMin,
    badsMin: classMin,
    goodsTotal: goods,
    badsTotal: bads,
    penalty: config.penaltyBads / bads,
  };
}

type Cutter = (
  definition: FeatureDefinition,
  column: Float64Array,
  bad: Uint8Array,
  limits: BinningLimits,
  totals: Totals,
  config: BinningConfig,
) => Pick<BinnedFeature, 'trend' | 'lookup' | 'prebins' | 'note'>;

const cutNumbers: Cutter = (definition, column, bad, limits, _totals, config) => {
  const regular = column.filter((x) => Number.isFinite(x) && !definition.specials.includes(x));
  const cuts = prebinCuts(regular.sort(), config.prebinsMax);
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
