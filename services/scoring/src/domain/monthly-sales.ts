/**
 * The twelve whole calendar months before the as-of month (scoring.md 3 and 7). A month with neither
 * sale nor return, after the seller's first sale, takes the mean of the three before it, rounded down;
 * months before that sale do not count. Too many without a sale make the records too thin, so filling never hides much.
 */
import { monthIndex, roundedRatio } from '@lianbao/kernel';
import type { MonthOfSales, TradingSummary } from './summary.ts';

export interface MonthlyFigures {
  /** Months of the twelve with a sale. */
  readonly monthsWithSales: number;
  /** As traded, nothing filled. */
  readonly sales12mFen: bigint;
  /** Of the months that count; all 0 where none does. */
  readonly lowestMonthFen: bigint;
  readonly firstQuartileMonthFen: bigint;
  /** Twice the median, so that it is whole. */
  readonly twiceMedianMonthFen: bigint;
}

const window = 12;
const fillMonths = 3n;

export function monthlyFigures({ months, asOf }: TradingSummary): MonthlyFigures {
  const to = monthIndex(asOf);
  const from = to - window;
  const inWindow = months.filter(({ month }) => month >= from);
  const counted = filled(months, from, to).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const n = counted.length;
  const at = (place: number): bigint => counted[place] ?? 0n;
  return {
    monthsWithSales: inWindow.filter(({ count }) => count > 0).length,
    sales12mFen: inWindow.reduce((sum, { netFen }) => sum + netFen, 0n),
    lowestMonthFen: at(0),
    firstQuartileMonthFen: at(Math.ceil(n / 4) - 1), // Nearest rank: the third lowest of twelve.
    twiceMedianMonthFen: n === 0 ? 0n : at((n - 1) >> 1) + at(n >> 1),
  };
}

function filled(months: readonly MonthOfSales[], from: number, to: number): bigint[] {
  const first = months.find(({ count }) => count > 0)?.month;
  if (first === undefined) return [];
  const byMonth = new Map(months.map((one) => [one.month, one]));
  const values = new Map<number, bigint>();
  for (let month = first; month < to; month += 1) {
    const before = (back: number): bigint => values.get(month - back) ?? 0n;
    const mean = roundedRatio(before(1) + before(2) + before(3), fillMonths, 'DOWN');
    values.set(month, byMonth.get(month)?.netFen ?? mean);
  }
  return [...values].filter(([month]) => month >= from).map(([, value]) => value);
}
