/**
 * One feature binned on a training sample: its bins with counts and weights, and how a value finds its
 * bin. Order of bins: regular ones from left to right, other (categorical only), specials, missing.
 */
import type { FeatureDefinition } from './column.ts';
import type { BinningConfig } from './config.ts';
import { type CutFeature, cutFeature } from './cut.ts';
import { type BinLookup, binsOf } from './lookup.ts';
import { binningSolver } from './optimal-bin.ts';
import type { BinningLimits } from './segment.ts';
import { allTrends } from './trend.ts';
import { informationPart, regularWeight, shrunkWeight, type Totals } from './weight-of-evidence.ts';

export type BinKind = 'REGULAR' | 'OTHER' | 'SPECIAL' | 'MISSING';

export interface Bin {
  readonly kind: BinKind;
  readonly goods: number;
  readonly bads: number;
  /** ln(share of goods / share of bads): high is safe. */
  readonly weight: number;
}

export interface BinnedFeature extends CutFeature {
  readonly definition: FeatureDefinition;
  readonly bins: readonly Bin[];
  /** The bin of each training row. */
  readonly rowBins: Int32Array;
  readonly informationValue: number;
}

export function binFeature(
  definition: FeatureDefinition,
  column: Float64Array,
  bad: Uint8Array,
  config: BinningConfig,
): BinnedFeature {
  const totals = totalsOf(bad);
  const limits = limitsOf(totals, config);
  const cut = cutFeature(definition, column, bad, limits, totals, config);
  const { lookup } = cut;
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
  return { ...cut, definition, bins, rowBins, informationValue };
}

/** Worth that each trend would have, beside what no restriction gives; for the report. */
export function trendWorths({ prebins, definition }: BinnedFeature): Record<string, number> {
  if (definition.categorical) return {};
  const worths: Record<string, number> = {};
  const solve = binningSolver(prebins.counts, prebins.limits);
  for (const trend of allTrends) {
    const binning = solve(trend);
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
