/**
 * The named rules by which a loan is computed (`lending.md` 1.2). The record is stored with every
 * product, offer and contract, which keep it for life: a changed rule is a new value, never a new
 * meaning of an old one.
 */

export type Engine = 'progressive-1';

/** Real days over 360 or 365, or a twelfth of a year for each monthly period. */
export type DayCount = 'ACT_360' | 'ACT_365' | 'THIRTY_360';

/** How an exact amount becomes whole fen: ties to the even fen, or away from zero. */
export type FenRounding = 'HALF_EVEN' | 'HALF_UP';

/** A month without the seed's day: its last day. */
export type MonthEnd = 'LAST_DAY_OF_MONTH';

export interface Conventions {
  readonly engine: Engine;
  readonly dayCount: DayCount;
  readonly rounding: FenRounding;
  readonly monthEnd: MonthEnd;
}

export const defaultConventions: Conventions = Object.freeze({
  engine: 'progressive-1',
  dayCount: 'ACT_360',
  rounding: 'HALF_EVEN',
  monthEnd: 'LAST_DAY_OF_MONTH',
});
