/**
 * Periods of a monthly plan and how much of a year each one is (`lending.md` 1.3). The first day of
 * a period is in, its due date is out. Year fractions stay fractions until interest is rounded.
 */
import { addMonths, type CalendarDate, dayIndex } from '@lianbao/kernel';
import type { Conventions, DayCount, MonthEnd } from './conventions.ts';

export interface Period {
  readonly dueDate: CalendarDate;
  /** Of a year: numerator / denominator. */
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** Due date k is so many months from the seed, always counted from the seed: 31 Jan, 28 Feb, 31 Mar. */
const dueDateFrom: Readonly<
  Record<MonthEnd, (seed: CalendarDate, months: number) => CalendarDate>
> = { LAST_DAY_OF_MONTH: addMonths };

const daysPerYear: Readonly<Record<DayCount, bigint | undefined>> = {
  ACT_360: 360n,
  ACT_365: 365n,
  THIRTY_360: undefined, // A whole period is a twelfth, however many days it has.
};

/** A seed after the start is the first due date itself; any other seed lies one month before it. */
export function firstDueDate(
  start: CalendarDate,
  seed: CalendarDate,
  { monthEnd }: Conventions,
): CalendarDate {
  return seed > start ? seed : dueDateFrom[monthEnd](seed, 1);
}

export function monthlyPeriods(
  start: CalendarDate,
  seed: CalendarDate,
  count: number,
  { dayCount, monthEnd }: Conventions,
): Period[] {
  const basis = daysPerYear[dayCount];
  const firstStep = seed > start ? 0 : 1;
  const periods: Period[] = [];
  let begin = dayIndex(start);
  for (let k = 0; k < count; k += 1) {
    const dueDate = dueDateFrom[monthEnd](seed, firstStep + k);
    if (basis === undefined) {
      periods.push({ dueDate, numerator: 1n, denominator: 12n });
    } else {
      const end = dayIndex(dueDate);
      periods.push({ dueDate, numerator: BigInt(end - begin), denominator: basis });
      begin = end;
    }
  }
  return periods;
}
