/** A card's features as tables by bin, in typed arrays: what scoring looks up for a value. */
import type { BinKind } from './binning.ts';
import type { Card, CardFeature } from './card.ts';
import type { BinLookup } from './lookup.ts';

export interface ScoreTable {
  readonly feature: CardFeature;
  readonly lookup: BinLookup;
  /** By bin, as all that follow. */
  readonly points: Int32Array;
  /** To the best regular bin, 0 at least. */
  readonly lostToBest: Int32Array;
  /** To the mean of the accepted development sample; negative where the bin is better. */
  readonly lostToMean: Int32Array;
  /** Number of the reason code. */
  readonly codes: Int32Array;
}

/** Ascending: the number of a code is its place here. */
export const reasonCodesOf = ({ features }: Card): readonly string[] =>
  [...new Set(features.flatMap((one) => one.bins.map(({ kind }) => reasonCodeOf(one, kind))))].sort(
    (a, b) => (a < b ? -1 : 1),
  );

export function scoreTable(feature: CardFeature, reasonCodes: readonly string[]): ScoreTable {
  const { bins, bestPoints, meanPoints, specials, levels } = feature;
  const missingBin = bins.length - 1;
  return {
    feature,
    lookup: {
      specials,
      specialBin: missingBin - specials.length,
      missingBin,
      cuts: Float64Array.from(feature.cuts),
      levels: levels === null ? undefined : new Map(levels),
      otherBin: feature.otherBin,
    },
    points: Int32Array.from(bins, ({ points }) => points),
    lostToBest: Int32Array.from(bins, ({ points }) => Math.max(0, bestPoints - points)),
    lostToMean: Int32Array.from(bins, ({ points }) => meanPoints - points),
    codes: Int32Array.from(bins, ({ kind }) => reasonCodes.indexOf(reasonCodeOf(feature, kind))),
  };
}

function reasonCodeOf(feature: CardFeature, kind: BinKind): string {
  if (kind === 'MISSING') return feature.missingReasonCode;
  return kind === 'SPECIAL' ? feature.specialReasonCode : feature.reasonCode;
}
