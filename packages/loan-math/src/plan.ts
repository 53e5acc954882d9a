/**
 * The repayment plan of a loan that is paid out once, at one rate, in monthly instalments on a
 * declining balance (`lending.md` 1.3, 1.4). `plan` is pure and total: rows or a refusal.
 */
import { addMonths, type CalendarDate, type Money, money } from '@lianbao/kernel';
import type { Conventions, Engine } from './conventions.ts';
import { firstDueDate, monthlyPeriods, type Period } from './period.ts';
import {
  bulletRows,
  type Debt,
  equalInstalmentRows,
  type Row,
  type RowsRefusal,
} from './progressive.ts';

/** BULLET: interest each month, the principal with the last instalment. */
export type RepaymentMethod = 'EQUAL_INSTALMENT' | 'BULLET';

export const termMonthsMax = 600;
/** 10,000 % a year: far above any lawful rate. */
export const ratePpmMax = 100_000_000n;

export interface PlanTerms {
  readonly principal: Money;
  /** Of a year, from 0 to `ratePpmMax`. */
  readonly ratePpm: bigint;
  /** One instalment a month, from 1 to `termMonthsMax`. */
  readonly termMonths: number;
  readonly method: RepaymentMethod;
  /** The day on which the money is paid out. */
  readonly startDate: CalendarDate;
  /** Due dates are counted from it; absent, from the start. One after the start is the first due date. */
  readonly seedDate?: CalendarDate;
  readonly conventions: Conventions;
}

export interface Instalment {
  readonly number: number;
  readonly dueDate: CalendarDate;
  readonly principal: Money;
  readonly interest: Money;
  readonly total: Money;
  /** Principal still owed once this instalment is paid. */
  readonly outstanding: Money;
}

export type PlanRefusalReason =
  | 'PRINCIPAL_NOT_POSITIVE'
  | 'RATE_OUT_OF_RANGE'
  | 'TERM_OUT_OF_RANGE'
  | 'DATE_OUT_OF_RANGE'
  | 'FIRST_PERIOD_BROKEN'
  | RowsRefusal;

export interface PlanRefusal {
  readonly ok: false;
  readonly reason: PlanRefusalReason;
  readonly detail: string;
}

export type Plan = { readonly ok: true; readonly instalments: readonly Instalment[] } | PlanRefusal;

const refusalDetails: Readonly<Record<PlanRefusalReason, string>> = {
  PRINCIPAL_NOT_POSITIVE: 'the principal is at least one fen',
  RATE_OUT_OF_RANGE: `the rate is from 0 to ${ratePpmMax} ppm a year`,
  TERM_OUT_OF_RANGE: `the term is a whole number of months from 1 to ${termMonthsMax}`,
  DATE_OUT_OF_RANGE: 'the first due date is after the start, and no date is after the year 9999',
  FIRST_PERIOD_BROKEN: 'with 30/360 the first period is a whole month, unless the rate is zero',
  INTEREST_ABOVE_INSTALMENT: 'the instalment does not cover the interest of some row',
  PLAN_ENDS_EARLY: 'in whole fen the instalments would repay the principal before the last row',
};

type Rows = (debt: Debt) => readonly Row[] | RowsRefusal;

const rowsOf: Readonly<Record<Engine, Readonly<Record<RepaymentMethod, Rows>>>> = {
  'progressive-1': { EQUAL_INSTALMENT: equalInstalmentRows, BULLET: bulletRows },
};

/** The rows of the loan, or the first reason why there are none. */
export function plan(terms: PlanTerms): Plan {
  const { principal, ratePpm, termMonths, method, startDate, conventions } = terms;
  const seedDate = terms.seedDate ?? startDate;
  const reason = termsRefused(terms, seedDate);
  if (reason !== undefined) return refused(reason);
  const periods = monthlyPeriods(startDate, seedDate, termMonths, conventions);
  const rows = rowsOf[conventions.engine][method]({
    principalFen: principal.minorUnits,
    ratePpm,
    periods,
    rounding: conventions.rounding,
  });
  return typeof rows === 'string'
    ? refused(rows)
    : { ok: true, instalments: instalmentsOf(principal, periods, rows) };
}

function termsRefused(
  { principal, ratePpm, termMonths, startDate, conventions }: PlanTerms,
  seedDate: CalendarDate,
): PlanRefusalReason | undefined {
  if (principal.minorUnits <= 0n) return 'PRINCIPAL_NOT_POSITIVE';
  if (ratePpm < 0n || ratePpm > ratePpmMax) return 'RATE_OUT_OF_RANGE';
  if (!Number.isInteger(termMonths) || termMonths < 1 || termMonths > termMonthsMax) {
    return 'TERM_OUT_OF_RANGE';
  }
  const lastYear = Number(seedDate.slice(0, 4)) + Math.ceil(termMonths / 12);
  if (lastYear > 9999) return 'DATE_OUT_OF_RANGE';
  if (seedDate === startDate) return undefined;
  const firstDue = firstDueDate(startDate, seedDate, conventions);
  if (firstDue <= startDate) return 'DATE_OUT_OF_RANGE';
  const broken = firstDue !== addMonths(startDate, 1);
  return broken && conventions.dayCount === 'THIRTY_360' && ratePpm > 0n
    ? 'FIRST_PERIOD_BROKEN'
    : undefined;
}

function instalmentsOf(
  { currency, minorUnits }: Money,
  periods: readonly Period[],
  rows: readonly Row[],
): Instalment[] {
  let outstandingFen = minorUnits;
  return rows.map(({ principalFen, interestFen }, index) => {
    outstandingFen -= principalFen;
    return {
      number: index + 1,
      dueDate: (periods[index] as Period).dueDate,
      principal: money(currency, principalFen),
      interest: money(currency, interestFen),
      total: money(currency, principalFen + interestFen),
      outstanding: money(currency, outstandingFen),
    };
  });
}

const refused = (reason: PlanRefusalReason): PlanRefusal => ({
  ok: false,
  reason,
  detail: refusalDetails[reason],
});
