import { describe, expect, it } from 'vitest';
import type { CalendarDate } from './brand.ts';
import { addDays } from './calendar.ts';
import { calendarVersion, isStatutoryHoliday, isWorkingDay } from './holidays.ts';

const day = (text: string) => text as CalendarDate;

const workingDaysOf = (year: number): number => {
  let count = 0;
  for (let date = day(`${year}-01-01`); date <= `${year}-12-31`; date = addDays(date, 1)) {
    if (isWorkingDay(date)) count += 1;
  }
  return count;
};

it('names its version', () => {
  expect(calendarVersion).toBe('cn-2016-2026.1');
});

describe('the National Day of 2026', () => {
  it.each([
    ['2026-09-30', true],
    ['2026-10-01', false],
    ['2026-10-07', false],
    ['2026-10-08', true],
  ])('%s works: %s', (date, works) => {
    expect(isWorkingDay(day(date))).toBe(works);
  });

  it('makes the Saturday after it a working day, and leaves the Sunday off', () => {
    expect(isWorkingDay(day('2026-10-10'))).toBe(true);
    expect(isWorkingDay(day('2026-10-11'))).toBe(false);
  });
});

it('follows the prolonged Spring Festival of 2020, not the working day first announced', () => {
  expect(isWorkingDay(day('2020-02-01'))).toBe(false);
  expect(isStatutoryHoliday(day('2020-02-02'))).toBe(true);
  expect(isWorkingDay(day('2020-02-03'))).toBe(true);
});

it('counts the end of 2018 by the notice for 2019', () => {
  expect(isWorkingDay(day('2018-12-29'))).toBe(true); // a Saturday
  expect(isStatutoryHoliday(day('2018-12-31'))).toBe(true); // a Monday
});

it('calls an ordinary weekend off, but no statutory holiday', () => {
  expect(isStatutoryHoliday(day('2026-03-28'))).toBe(false);
  expect(isWorkingDay(day('2026-03-28'))).toBe(false);
  expect(isWorkingDay(day('2026-03-30'))).toBe(true);
});

// Every statutory holiday on a weekend is made good and every moved day is worked elsewhere, so a year
// has its weekdays less the holidays of the law: eleven days, thirteen from 2025 on. In 2020 the
// prolonged Spring Festival took two more.
it.each([
  [2016, 261 - 11],
  [2017, 260 - 11],
  [2018, 261 - 11],
  [2019, 261 - 11],
  [2020, 262 - 11 - 2],
  [2021, 261 - 11],
  [2022, 260 - 11],
  [2023, 260 - 11],
  [2024, 262 - 11],
  [2025, 261 - 13],
  [2026, 261 - 13],
])('%i has the %i working days of the law', (year, count) => {
  expect(workingDaysOf(year)).toBe(count);
});

it.each(['2015-12-31', '2027-01-01'])('refuses %s and names the years it knows', (date) => {
  const refusal = expect.objectContaining({
    reason: 'FIELD_INVALID',
    message: expect.stringContaining('2016 to 2026'),
  });
  expect(() => isWorkingDay(day(date))).toThrow(refusal);
  expect(() => isStatutoryHoliday(day(date))).toThrow(refusal);
});
