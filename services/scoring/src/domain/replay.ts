/** Computes a score again and names what came out otherwise than it was stored. */
import type { Scorer } from '@lianbao/scorecard';
import type { Facts } from './feature.ts';
import { type Derived, derive, type FigureInputs, figuresOf, type Score } from './score.ts';

export interface Difference {
  /** Such as points or vector[3]. */
  readonly field: string;
  readonly stored: string;
  readonly replayed: string;
}

/** From the stored inputs, for ever. */
export function replayFromInputs(score: Score, scorer: Scorer): readonly Difference[] {
  return differences(score, derive(scorer, score));
}

/** From the records of its watermark; `facts` undefined: they are gone. */
export function replayFromRecords(score: Score, facts: Facts): readonly Difference[] {
  if (facts.newestRecordDay === undefined) {
    return [{ field: 'newest_record_date', stored: score.newestRecordDate, replayed: '' }];
  }
  return differences(score, figuresOf(facts));
}

const fieldNames: Readonly<Record<keyof Derived | keyof FigureInputs, string>> = {
  points: 'points',
  grade: 'grade',
  pdPpm: 'pd_ppm',
  limitFen: 'suggested_limit',
  limitTerm: 'limit_term',
  bins: 'bins',
  binPoints: 'bin_points',
  reasonsToBest: 'reasons_to_best',
  reasonsToMean: 'reasons_to_mean',
  inputsHash: 'inputs_hash',
  vector: 'vector',
  sales12mFen: 'sales_12m',
  lowestMonthFen: 'lowest_month',
  firstQuartileMonthFen: 'first_quartile_month',
  freeCash90Fen: 'free_cash_90d',
  monthsWithSales: 'months_with_sales',
  newestRecordDate: 'newest_record_date',
  missingData: 'missing_data',
};

function differences(stored: Score, again: Derived | FigureInputs): readonly Difference[] {
  return (Object.keys(again) as (keyof Derived | keyof FigureInputs)[]).flatMap((key) => {
    const [before, after] = [stored[key], (again as Score)[key]];
    const name = fieldNames[key];
    if (!Array.isArray(before) || !Array.isArray(after)) return compared(name, before, after);
    const length = Math.max(before.length, after.length);
    return Array.from({ length }, (_, at) =>
      compared(`${name}[${at}]`, before[at], after[at]),
    ).flat();
  });
}

function compared(field: string, before: unknown, after: unknown): readonly Difference[] {
  const [stored, replayed] = [textOf(before), textOf(after)];
  return stored === replayed ? [] : [{ field, stored, replayed }];
}

/** Of a reason: code, points lost, texts. Missing is empty. */
const textOf = (value: unknown): string => {
  if (value === undefined) return '';
  if (typeof value !== 'object' || value === null) return String(value);
  const { code, pointsLost, zh, en } = value as Record<string, unknown>;
  return `${code} ${pointsLost} ${zh} ${en}`;
};
