/**
 * A score: inputs as of a day and a watermark, and what the champion makes of them. `derive` is a
 * function of the inputs and the artefact alone, so a score replays bit for bit from what it keeps.
 */
import { type CalendarDate, contentHash, dayOfIndex, type Uid } from '@lianbao/kernel';
import type { Grade, Reason, Scorer, SuggestedLimit } from '@lianbao/scorecard';
import { type Facts, vectorOf } from './feature.ts';

/** Data that the score had to do without. */
export type MissingData = 'PURCHASE_INVOICES';

export interface ScoreInputs {
  readonly seller: string;
  readonly lender: string;
  readonly asOf: CalendarDate;
  /** Number of the last record that it saw. */
  readonly watermark: bigint;
  readonly artefactHash: string;
  /** In the order of the model's features; NaN is missing. */
  readonly vector: readonly number[];
  readonly sales12mFen: bigint;
  readonly lowestMonthFen: bigint;
  readonly firstQuartileMonthFen: bigint;
  readonly freeCash90Fen: bigint;
  readonly monthsWithSales: number;
  readonly newestRecordDate: CalendarDate;
  readonly missingData: readonly MissingData[];
}

export interface Derived {
  readonly points: number;
  readonly grade: Grade;
  readonly pdPpm: bigint;
  readonly limitFen: bigint;
  readonly limitTerm: SuggestedLimit['bindingTerm'];
  /** Of each of the model's features, in their order. */
  readonly bins: readonly number[];
  readonly binPoints: readonly number[];
  readonly reasonsToBest: readonly Reason[];
  readonly reasonsToMean: readonly Reason[];
  readonly inputsHash: string;
}

export interface Score extends ScoreInputs, Derived {
  /** `platforms/{p}/sellers/{s}/scores/{id}` */
  readonly name: string;
  readonly uid: Uid;
  /** Of a score for an application; its round is 0 without one. */
  readonly application: string | undefined;
  readonly round: number;
  readonly modelVersion: string;
  readonly policyHash: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

export type FigureInputs = Pick<
  ScoreInputs,
  | 'vector'
  | 'sales12mFen'
  | 'lowestMonthFen'
  | 'firstQuartileMonthFen'
  | 'freeCash90Fen'
  | 'monthsWithSales'
  | 'newestRecordDate'
  | 'missingData'
>;

/** The inputs that the records give. Refuses facts without a record. */
export function figuresOf(facts: Facts): FigureInputs {
  const { monthly, newestRecordDay } = facts;
  if (newestRecordDay === undefined) throw new RangeError('no record, no score');
  return {
    vector: [...vectorOf(facts)],
    sales12mFen: monthly.sales12mFen,
    lowestMonthFen: monthly.lowestMonthFen,
    firstQuartileMonthFen: monthly.firstQuartileMonthFen,
    freeCash90Fen: facts.freeCash90Fen,
    monthsWithSales: monthly.monthsWithSales,
    newestRecordDate: dayOfIndex(newestRecordDay),
    missingData: facts.purchase.count === 0 ? ['PURCHASE_INVOICES'] : [],
  };
}

export function derive(scorer: Scorer, inputs: ScoreInputs): Derived {
  const result = scorer.score(Float64Array.from(inputs.vector));
  const { limitFen, bindingTerm } = scorer.suggestedLimit(result.class, inputs);
  return {
    points: result.points,
    grade: result.grade,
    pdPpm: result.pdPpm,
    limitFen,
    limitTerm: bindingTerm,
    bins: result.contributions.map(({ bin }) => bin),
    binPoints: result.contributions.map(({ points }) => points),
    reasonsToBest: result.reasons,
    reasonsToMean: result.reasonsToMean,
    inputsHash: inputsHashOf(inputs),
  };
}

const inputsHashOf = (inputs: ScoreInputs): string =>
  contentHash({
    seller: inputs.seller,
    lender: inputs.lender,
    asOf: inputs.asOf,
    watermark: String(inputs.watermark),
    artefactHash: inputs.artefactHash,
    vector: inputs.vector.map(String), // The shortest text that reads back to the same bits.
    sales12mFen: String(inputs.sales12mFen),
    lowestMonthFen: String(inputs.lowestMonthFen),
    firstQuartileMonthFen: String(inputs.firstQuartileMonthFen),
    freeCash90Fen: String(inputs.freeCash90Fen),
    monthsWithSales: inputs.monthsWithSales,
    newestRecordDate: inputs.newestRecordDate,
    missingData: inputs.missingData,
  });
