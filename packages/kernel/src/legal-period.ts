/**
 * The last day of a period set by law or contract (Civil Code 201 to 203): the first day is not
 * counted; a period of months ends on the same day of its last month, or on that month's end; an end
 * on a statutory holiday or a weekend that is not made working moves to the next working day.
 */
import type { CalendarDate } from './brand.ts';
import { addDays, addMonths } from './calendar.ts';
import { isWorkingDay } from './holidays.ts';
import { commonRefusals } from './refusal.ts';

export type LegalPeriod = { readonly days: number } | { readonly months: number };

/** Refuses a length that is not a whole number above zero, and an end outside the years of `holidays.ts`. */
export function endOfLegalPeriod(start: CalendarDate, period: LegalPeriod): CalendarDate {
  const inDays = 'days' in period;
  const length = inDays ? period.days : period.months;
  if (!Number.isSafeInteger(length) || length < 1) {
    const field = inDays ? 'days' : 'months';
    throw commonRefusals.FIELD_INVALID({ field, limit: 'a whole number above zero' });
  }
  let end = inDays ? addDays(start, length) : addMonths(start, length);
  while (!isWorkingDay(end)) end = addDays(end, 1);
  return end;
}
