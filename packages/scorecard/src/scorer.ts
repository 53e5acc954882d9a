/**
 * A card made ready for scoring. A score is table lookup and whole-number addition only, so a stored
 * vector gives the same points, PD, grade and reasons on every machine, for ever.
 */
import type { BinKind } from './binning.ts';
import type { Card, CardBin, CardFeature } from './card.ts';
import type { LimitTable, MonthlySales, SuggestedLimit } from './limit.ts';
import { suggestedLimit } from './limit.ts';
import { type BinLookup, binOf } from './lookup.ts';
import { type CreditClass, classOf, type Grade, gradeOf } from './master-scale.ts';
import { type Loss, type Reason, type ReasonText, reasonsOf } from './reason.ts';

export interface Contribution {
  readonly featureId: string;
  /** NaN is missing. */
  readonly value: number;
  readonly bin: number;
  readonly binKind: BinKind;
  readonly binLabel: string;
  readonly points: number;
  /** To the best regular bin, 0 at least. */
  readonly pointsLost: number;
  /** To the mean of the accepted development sample; negative where the seller is better. */
  readonly pointsBelowMean: number;
  readonly reasonCode: string;
}

export interface ScoreResult {
  /** Base and the points of all contributions. */
  readonly points: number;
  readonly pdPpm: bigint;
  readonly grade: Grade;
  readonly class: CreditClass;
  readonly basePoints: number;
  readonly contributions: readonly Contribution[];
  /** By points lost to the best bin, the most important first, at most four. */
  readonly reasons: readonly Reason[];
  /** By points below the mean of the accepted; where none is, those of `reasons`. */
  readonly reasonsToMean: readonly Reason[];
  /** Infinite values, scored as missing; and levels never seen in training. */
  readonly invalid: readonly string[];
  readonly unseen: readonly string[];
}

export interface Scorer {
  /** What each value of a vector is; the values of dropped features are not looked at. */
  readonly featureIds: readonly string[];
  readonly card: Card;
  /** `values` in the order of `featureIds`, NaN for missing. */
  score(values: Float64Array): ScoreResult;
  /** Points of many rows, columns in the order of `featureIds`; allocates nothing per row. */
  scoreColumns(columns: readonly Float64Array[], points: Int32Array): void;
  pdPpmAt(points: number): number;
  suggestedLimit(creditClass: CreditClass, sales: MonthlySales): SuggestedLimit;
}

interface ReadyFeature {
  readonly card: CardFeature;
  readonly lookup: BinLookup;
  readonly points: Int32Array;
}

export function scorerOf(card: Card, limitTable: LimitTable): Scorer {
  const features = card.features.map(ready);
  const texts = new Map(card.reasonTexts.map((text): [string, ReasonText] => [text.code, text]));
  const pdPpmAt = (points: number): number => {
    const pdPpm = card.pdPpmByScore[points - card.scoreMin];
    if (pdPpm === undefined) throw new RangeError(`no PD for ${points} points`);
    return pdPpm;
  };

  const score = (values: Float64Array): ScoreResult => {
    if (values.length !== card.featureIds.length) {
      throw new RangeError(`${values.length} values, ${card.featureIds.length} expected`);
    }
    const contributions = features.map((feature) =>
      contributionOf(feature, values[feature.card.position] as number),
    );
    const points = contributions.reduce((sum, { points }) => sum + points, card.basePoints);
    const pdPpm = pdPpmAt(points);
    const grade = gradeOf(pdPpm);
    const reasonsBy = (loss: (contribution: Contribution) => number): readonly Reason[] =>
      reasonsOf(
        contributions.map((one): Loss => ({ code: one.reasonCode, points: loss(one) })),
        texts,
      );
    const reasons = reasonsBy(({ pointsLost }) => pointsLost);
    const toMean = reasonsBy(({ pointsBelowMean }) => pointsBelowMean);
    return {
      points,
      pdPpm: BigInt(pdPpm),
      grade,
      class: classOf(grade),
      basePoints: card.basePoints,
      contributions,
      reasons,
      reasonsToMean: toMean.length > 0 ? toMean : reasons,
      invalid: namesWhere(contributions, ({ value }) => Math.abs(value) === Infinity),
      unseen: features
        .filter((feature, at) => isUnseen(feature, contributions[at] as Contribution))
        .map(({ card: { id } }) => id),
    };
  };

  const scoreColumns = (columns: readonly Float64Array[], points: Int32Array): void => {
    points.fill(card.basePoints);
    for (const { card: feature, lookup, points: table } of features) {
      const column = columns[feature.position] as Float64Array;
      for (let row = 0; row < points.length; row += 1) {
        const gained = table[binOf(lookup, column[row] as number)] as number;
        points[row] = (points[row] as number) + gained;
      }
    }
  };

  return {
    featureIds: card.featureIds,
    card,
    score,
    scoreColumns,
    pdPpmAt,
    suggestedLimit: (creditClass, sales) => suggestedLimit(limitTable, creditClass, sales),
  };
}

function ready(card: CardFeature): ReadyFeature {
  const missingBin = card.bins.length - 1;
  const lookup: BinLookup = {
    specials: card.specials,
    specialBin: missingBin - card.specials.length,
    missingBin,
    cuts: Float64Array.from(card.cuts),
    levels: card.levels === null ? undefined : new Map(card.levels),
    otherBin: card.otherBin,
  };
  return { card, lookup, points: Int32Array.from(card.bins, ({ points }) => points) };
}

function contributionOf({ card, lookup }: ReadyFeature, value: number): Contribution {
  const bin = binOf(lookup, value);
  const { kind, label, points } = card.bins[bin] as CardBin;
  return {
    featureId: card.id,
    value,
    bin,
    binKind: kind,
    binLabel: label,
    points,
    pointsLost: Math.max(0, card.bestPoints - points),
    pointsBelowMean: card.meanPoints - points,
    reasonCode: reasonCodeOf(card, kind),
  };
}

function reasonCodeOf(card: CardFeature, kind: BinKind): string {
  if (kind === 'MISSING') return card.missingReasonCode;
  return kind === 'SPECIAL' ? card.specialReasonCode : card.reasonCode;
}

const namesWhere = (
  contributions: readonly Contribution[],
  holds: (contribution: Contribution) => boolean,
): readonly string[] => contributions.filter(holds).map(({ featureId }) => featureId);

const isUnseen = ({ lookup }: ReadyFeature, { value, bin }: Contribution): boolean =>
  lookup.levels !== undefined && bin === lookup.otherBin && !lookup.levels.has(value);
