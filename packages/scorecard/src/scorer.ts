/**
 * A card made ready for scoring. A score is table lookup and whole-number addition only, so a stored
 * vector gives the same points, PD, grade and reasons on every machine, for ever.
 */
import { type Answers, batchScorer, type ValueRow } from './batch.ts';
import type { BinKind } from './binning.ts';
import type { Card, CardBin } from './card.ts';
import type { LimitTable, MonthlySales, SuggestedLimit } from './limit.ts';
import { suggestedLimit } from './limit.ts';
import { binOf } from './lookup.ts';
import { type CreditClass, classOf, type Grade, gradeOf } from './master-scale.ts';
import { pickReasons, type Reason, type ReasonText, reasonsMax } from './reason.ts';
import { reasonCodesOf, type ScoreTable, scoreTable } from './score-table.ts';

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
  /** Ascending: what the numbers in `Answers.reasons` stand for. */
  readonly reasonCodes: readonly string[];
  /** Points of many rows, columns in the order of `featureIds`; allocates nothing per row. */
  scorePoints(columns: readonly Float64Array[], points: Int32Array): void;
  /** The same with PD and reasons. Refuses columns of another number or length than `answers`. */
  scoreColumns(columns: readonly Float64Array[], answers: Answers): void;
  /** Of rows as objects by feature id; refuses another number of rows than `answers` has. */
  scoreObjects(rows: readonly ValueRow[], answers: Answers): void;
  pdPpmAt(points: number): number;
  suggestedLimit(creditClass: CreditClass, sales: MonthlySales): SuggestedLimit;
}

export function scorerOf(card: Card, limitTable: LimitTable): Scorer {
  const reasonCodes = reasonCodesOf(card);
  const tables = card.features.map((feature) => scoreTable(feature, reasonCodes));
  const pdPpmByScore = Int32Array.from(card.pdPpmByScore);
  const pdPpmAt = (points: number): number => {
    const pdPpm = pdPpmByScore[points - card.scoreMin];
    if (pdPpm === undefined) throw new RangeError(`no PD for ${points} points`);
    return pdPpm;
  };
  const reasonsOf = reasonReader(card, reasonCodes);

  const toBest = new Int32Array(reasonCodes.length);
  const toMean = new Int32Array(reasonCodes.length);
  const score = (values: Float64Array): ScoreResult => {
    if (values.length !== card.featureIds.length) {
      throw new RangeError(`${values.length} values, ${card.featureIds.length} expected`);
    }
    toBest.fill(0);
    toMean.fill(0);
    const contributions: Contribution[] = [];
    const invalid: string[] = [];
    const unseen: string[] = [];
    let points = card.basePoints;
    for (const table of tables) {
      const value = values[table.feature.position] as number;
      const bin = binOf(table.lookup, value);
      const code = table.codes[bin] as number;
      points += table.points[bin] as number;
      toBest[code] = (toBest[code] as number) + (table.lostToBest[bin] as number);
      toMean[code] = (toMean[code] as number) + (table.lostToMean[bin] as number);
      contributions.push(contributionOf(table, value, bin, reasonCodes[code] as string));
      if (Math.abs(value) === Infinity) invalid.push(table.feature.id);
      if (isUnseen(table, value, bin)) unseen.push(table.feature.id);
    }
    const pdPpm = pdPpmAt(points);
    const grade = gradeOf(pdPpm);
    const reasons = reasonsOf(toBest);
    const reasonsToMean = reasonsOf(toMean);
    return {
      points,
      pdPpm: BigInt(pdPpm),
      grade,
      class: classOf(grade),
      basePoints: card.basePoints,
      contributions,
      reasons,
      reasonsToMean: reasonsToMean.length > 0 ? reasonsToMean : reasons,
      invalid,
      unseen,
    };
  };

  const batch = batchScorer({
    tables,
    codeCount: reasonCodes.length,
    basePoints: card.basePoints,
    scoreMin: card.scoreMin,
    pdPpmByScore,
  });
  const checked = (columns: readonly Float64Array[], rows: number) => {
    if (columns.length !== card.featureIds.length) {
      throw new RangeError(`${columns.length} columns, ${card.featureIds.length} expected`);
    }
    if (columns.some(({ length }) => length !== rows)) {
      throw new RangeError(`a column has another length than ${rows}`);
    }
    return columns;
  };

  return {
    featureIds: card.featureIds,
    card,
    reasonCodes,
    score,
    scorePoints: (columns, points) => batch.scorePoints(checked(columns, points.length), points),
    scoreColumns: (columns, answers) =>
      batch.scoreColumns(checked(columns, answers.points.length), answers),
    scoreObjects: (rows, answers) => {
      if (rows.length !== answers.points.length) {
        throw new RangeError(`${rows.length} rows, room for ${answers.points.length}`);
      }
      batch.scoreObjects(rows, answers);
    },
    pdPpmAt,
    suggestedLimit: (creditClass, sales) => suggestedLimit(limitTable, creditClass, sales),
  };
}

/** From the losses of one row, by code, to its reasons with their texts. */
function reasonReader(
  { reasonTexts }: Card,
  reasonCodes: readonly string[],
): (losses: Int32Array) => readonly Reason[] {
  const texts = reasonCodes.map((code) => reasonTexts.findLast((text) => text.code === code));
  const reasons = new Int32Array(reasonsMax);
  const pointsLost = new Int32Array(reasonsMax);
  return (losses) => {
    pickReasons(losses, losses.length, 0, 1, { reasons, pointsLost }, 0);
    const picked: Reason[] = [];
    for (let at = 0; at < reasonsMax && (pointsLost[at] as number) > 0; at += 1) {
      const text = texts[reasons[at] as number] as ReasonText;
      picked.push({ ...text, pointsLost: pointsLost[at] as number });
    }
    return picked;
  };
}

function contributionOf(
  { feature, points, lostToBest, lostToMean }: ScoreTable,
  value: number,
  bin: number,
  reasonCode: string,
): Contribution {
  const { kind, label } = feature.bins[bin] as CardBin;
  return {
    featureId: feature.id,
    value,
    bin,
    binKind: kind,
    binLabel: label,
    points: points[bin] as number,
    pointsLost: lostToBest[bin] as number,
    pointsBelowMean: lostToMean[bin] as number,
    reasonCode,
  };
}

const isUnseen = ({ lookup: { levels, otherBin } }: ScoreTable, value: number, bin: number) =>
  levels !== undefined && bin === otherBin && !levels.has(value);
