/**
 * The all-in rate of a loan (`lending.md` 1.6; PBC Announcement 3 of 2021): the internal rate of
 * return of what the borrower really receives and pays, every fee and deposit included. On the month
 * grid simple is twelve times the monthly rate and compound its twelfth power; off it, the same with
 * a daily factor and 365 days. Flows are whole fen and the arithmetic is whole numbers throughout.
 */
import {
  addMonths,
  type CalendarDate,
  ceilDivide,
  dayIndex,
  type Money,
  monthIndex,
  percentOfPpm,
  ppmPerOne,
  roundedRatio,
} from '@lianbao/kernel';
import { discountRoots, one, signChanges, type Term } from './discount-roots.ts';
import type { Instalment } from './plan.ts';

export interface Flow {
  readonly date: CalendarDate;
  /** Above zero what the borrower receives, below zero what it pays. */
  readonly amountFen: bigint;
}

/** MONTHLY: every date is a whole number of months after the first one. DAILY: any dates. */
export type Grid = 'MONTHLY' | 'DAILY';

export type AllInRate =
  | {
      readonly ok: true;
      /** Of a year, rounded up: for comparison with caps. */
      readonly simplePpm: bigint;
      readonly compoundPpm: bigint;
      /** Like "9.4822 %", HALF_UP: for people. */
      readonly simplePercent: string;
      readonly compoundPercent: string;
    }
  /** No rate at or above zero balances the flows, or more than one does. */
  | { readonly ok: false; readonly reason: 'RATE_NOT_UNIQUE'; readonly signChanges: number }
  /** A date is not a whole number of months after the first one: compute on the days instead. */
  | { readonly ok: false; readonly reason: 'DATE_OFF_GRID'; readonly date: CalendarDate };

const periodsPerYear: Readonly<Record<Grid, bigint>> = { MONTHLY: 12n, DAILY: 365n };

/** What the borrower of a plan receives on the first day and pays on each due date; fees come beside it. */
export function planFlows(
  principal: Money,
  startDate: CalendarDate,
  instalments: readonly Instalment[],
): Flow[] {
  const paid = instalments.map(({ dueDate, total }) => ({
    date: dueDate,
    amountFen: -total.minorUnits,
  }));
  return [{ date: startDate, amountFen: principal.minorUnits }, ...paid];
}

/** Flows in any order; those of one day count as one. The rate is the only root at or above zero. */
export function allInRate(flows: readonly Flow[], { grid }: { readonly grid: Grid }): AllInRate {
  const netted = nettedByDay(flows);
  const offGrid = grid === 'MONTHLY' ? dateOffGrid(netted) : undefined;
  if (offGrid !== undefined) return { ok: false, reason: 'DATE_OFF_GRID', date: offGrid };
  const terms = termsOf(netted, grid);
  const [discount, ...others] = discountRoots(terms);
  if (discount === undefined || others.length > 0) {
    return { ok: false, reason: 'RATE_NOT_UNIQUE', signChanges: signChanges(terms) };
  }
  const factor = (one * one) / discount;
  const periods = periodsPerYear[grid];
  const simple = snappedPpm((factor - one) * periods);
  const compound = snappedPpm(power(factor, periods) - one);
  return {
    ok: true,
    simplePpm: roundedUp(simple),
    compoundPpm: roundedUp(compound),
    simplePercent: shown(simple),
    compoundPercent: shown(compound),
  };
}

function nettedByDay(flows: readonly Flow[]): Flow[] {
  const byDay = new Map<CalendarDate, bigint>();
  for (const { date, amountFen } of flows) byDay.set(date, (byDay.get(date) ?? 0n) + amountFen);
  return [...byDay]
    .map(([date, amountFen]) => ({ date, amountFen }))
    .filter(({ amountFen }) => amountFen !== 0n)
    .sort((a, b) => (a.date < b.date ? -1 : 1));
}

function dateOffGrid(flows: readonly Flow[]): CalendarDate | undefined {
  const first = flows[0]?.date;
  if (first === undefined) return undefined;
  return flows.find(({ date }) => addMonths(first, monthsFrom(first, date)) !== date)?.date;
}

function termsOf(flows: readonly Flow[], grid: Grid): Term[] {
  const first = flows[0]?.date;
  if (first === undefined) return [];
  return flows.map(({ date, amountFen }) => ({
    amount: amountFen,
    time: grid === 'MONTHLY' ? monthsFrom(first, date) : dayIndex(date) - dayIndex(first),
  }));
}

const monthsFrom = (first: CalendarDate, date: CalendarDate): number =>
  monthIndex(date) - monthIndex(first);

/** Of two fixed-point numbers, by squaring. */
function power(base: bigint, exponent: bigint): bigint {
  if (exponent === 1n) return base;
  const root = power(base, exponent / 2n);
  const square = (root * root) / one;
  return exponent % 2n === 0n ? square : (square * base) / one;
}

/** A result this near (10^-9 ppm) to a whole or half ppm is meant to be it: 7.2 % is not 7.200001 %. */
const twiceSnap = (2n * one) / 1_000_000_000n;

/** A fixed-point rate as fixed-point ppm. */
function snappedPpm(rate: bigint): bigint {
  const ppm = rate * ppmPerOne;
  const nearest = roundedRatio(ppm * 2n, one, 'HALF_EVEN') * one;
  const off = ppm * 2n - nearest;
  return (off < 0n ? -off : off) <= twiceSnap ? nearest / 2n : ppm;
}

const roundedUp = (ppm: bigint): bigint => ceilDivide(ppm, one);
const shown = (ppm: bigint): string => percentOfPpm(roundedRatio(ppm, one, 'HALF_UP'));
