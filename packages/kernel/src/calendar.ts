/**
 * Calendar days, without time or zone. Business days are those of Asia/Shanghai, which has been
 * UTC+8 without daylight saving since 1992.
 */
import type { CalendarDate } from './brand.ts';

const dayMs = 86_400_000;
const shanghaiOffsetMs = 8 * 3_600_000;
const cycleYears = 400;
const cycleDays = 146_097;
const firstIndex = -719_162; // 0001-01-01
const lastIndex = 2_932_896; // 9999-12-31
const shape = /^(\d{4})-(\d{2})-(\d{2})$/;

/** Undefined unless it is a real day written `YYYY-MM-DD`. */
export function calendarDate(text: string): CalendarDate | undefined {
  const match = shape.exec(text);
  if (match === null) return undefined;
  const [, year, month, day] = match.map(Number) as [number, number, number, number];
  return dateOf(year, month, day);
}

/** Undefined unless the day exists, in the years 1 to 9999. */
export function dateOf(year: number, month: number, day: number): CalendarDate | undefined {
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1) return undefined;
  if (day > daysInMonth(year, month)) return undefined;
  const pad = (value: number, size: number) => String(value).padStart(size, '0');
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}` as CalendarDate;
}

export function partsOf(date: CalendarDate): { year: number; month: number; day: number } {
  return { year: +date.slice(0, 4), month: +date.slice(5, 7), day: +date.slice(8, 10) };
}

/** The business day on which the moment falls. */
export const businessDayOf = (moment: Date): CalendarDate =>
  dayOfIndex(Math.floor((moment.getTime() + shanghaiOffsetMs) / dayMs));

/** The moment at which the business day begins. */
export const startOfBusinessDay = (date: CalendarDate): Date =>
  new Date(dayIndex(date) * dayMs - shanghaiOffsetMs);

/** Whole days since 1970-01-01. */
export function dayIndex(date: CalendarDate): number {
  const { year, month, day } = partsOf(date);
  // Shifted by one whole cycle of the calendar: Date.UTC reads the years 0 to 99 as 1900 to 1999.
  return Date.UTC(year + cycleYears, month - 1, day) / dayMs - cycleDays;
}

/** A RangeError outside the years 1 to 9999, which no date reaches by ordinary terms. */
export function dayOfIndex(index: number): CalendarDate {
  if (!Number.isInteger(index) || index < firstIndex || index > lastIndex) {
    throw new RangeError(`no calendar day has the index ${index}`);
  }
  return new Date(index * dayMs).toISOString().slice(0, 10) as CalendarDate;
}

export const addDays = (date: CalendarDate, days: number): CalendarDate =>
  dayOfIndex(dayIndex(date) + days);

/** Whole days from `from` to `to`; negative when `to` is earlier. */
export const daysBetween = (from: CalendarDate, to: CalendarDate): number =>
  dayIndex(to) - dayIndex(from);

/** So many months on; a month without that day takes its last (31 Jan, 28 Feb). A RangeError like `dayOfIndex`. */
export function addMonths(date: CalendarDate, months: number): CalendarDate {
  const { year, month, day } = partsOf(date);
  const count = year * 12 + month - 1 + months;
  const [toYear, toMonth] = [Math.floor(count / 12), (count % 12) + 1];
  const to = dateOf(toYear, toMonth, Math.min(day, daysInMonth(toYear, toMonth)));
  if (to === undefined) throw new RangeError(`no calendar day is ${months} months from ${date}`);
  return to;
}

/** Months since year 0: two days of one month share it. */
export function monthIndex(date: CalendarDate): number {
  const { year, month } = partsOf(date);
  return year * 12 + month - 1;
}

export function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

const isLeapYear = (year: number): boolean =>
  year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
