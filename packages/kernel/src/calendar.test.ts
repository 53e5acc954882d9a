import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CalendarDate } from './brand.ts';
import {
  addDays,
  addMonths,
  businessDayOf,
  calendarDate,
  dateOf,
  dayIndex,
  dayOfIndex,
  daysBetween,
  daysInMonth,
  monthIndex,
  partsOf,
  startOfBusinessDay,
} from './calendar.ts';

const day = (text: string) => text as CalendarDate;
const firstIndex = dayIndex(day('0001-01-01'));
const lastIndex = dayIndex(day('9999-12-31'));

describe('a calendar date', () => {
  it.each(['2024-02-29', '2000-02-29', '0001-01-01', '9999-12-31'])('%s is one', (text) => {
    expect(calendarDate(text)).toBe(text);
  });

  it.each(['2023-02-29', '1900-02-29', '2024-04-31', '2024-13-01', '2024-00-10', '2024-01-00'])(
    '%s is a day that does not exist',
    (text) => {
      expect(calendarDate(text)).toBeUndefined();
    },
  );

  it.each(['2024-2-9', '20240209', '2024-02-09T00:00', ' 2024-02-09', '0000-01-01', ''])(
    '"%s" is not written like one',
    (text) => {
      expect(calendarDate(text)).toBeUndefined();
    },
  );

  it('is made of its parts', () => {
    expect(dateOf(2024, 2, 9)).toBe('2024-02-09');
    expect(dateOf(10_000, 1, 1)).toBeUndefined();
    expect(partsOf(day('2024-02-09'))).toEqual({ year: 2024, month: 2, day: 9 });
  });
});

describe('day arithmetic', () => {
  it('counts days from 1970 on, before and after', () => {
    expect(dayIndex(day('1970-01-01'))).toBe(0);
    expect(dayIndex(day('1969-12-31'))).toBe(-1);
    expect(dayIndex(day('2000-03-01'))).toBe(11_017);
    expect(dayIndex(day('0001-01-01'))).toBe(-719_162);
  });

  it('takes the last day of February only when there is one', () => {
    expect(addDays(day('2024-02-28'), 1)).toBe('2024-02-29');
    expect(addDays(day('2023-02-28'), 1)).toBe('2023-03-01');
    expect(daysBetween(day('2024-02-28'), day('2024-03-01'))).toBe(2);
    expect(daysBetween(day('2024-03-01'), day('2024-02-28'))).toBe(-2);
  });

  it('has one index a day in every year from 1 to 9999', () => {
    fc.assert(
      fc.property(fc.integer({ min: firstIndex, max: lastIndex - 1 }), (index) => {
        expect(dayIndex(dayOfIndex(index))).toBe(index);
        expect(calendarDate(dayOfIndex(index))).toBe(dayOfIndex(index));
        expect(dayOfIndex(index) < dayOfIndex(index + 1)).toBe(true);
      }),
      { seed: 42 },
    );
  });

  it.each([firstIndex - 1, lastIndex + 1, 0.5, Number.NaN])('has no day of index %d', (index) => {
    expect(() => dayOfIndex(index)).toThrow(RangeError);
  });
});

describe('month arithmetic', () => {
  it.each([
    ['2023-01-31', 1, '2023-02-28'],
    ['2024-01-31', 1, '2024-02-29'],
    ['2024-01-31', 2, '2024-03-31'],
    ['2024-02-29', 12, '2025-02-28'],
    ['2024-12-15', 1, '2025-01-15'],
    ['2024-03-31', -1, '2024-02-29'],
    ['2024-01-10', -13, '2022-12-10'],
  ])('%s and %i months is %s', (from, months, to) => {
    expect(addMonths(day(from), months)).toBe(to);
  });

  it('stops at the end of the year 9999', () => {
    expect(addMonths(day('9999-11-30'), 1)).toBe('9999-12-30');
    expect(() => addMonths(day('9999-12-31'), 1)).toThrow(RangeError);
  });

  it('gives two days of one month the same index, and the next month one more', () => {
    expect(monthIndex(day('2024-12-01'))).toBe(monthIndex(day('2024-12-31')));
    expect(monthIndex(day('2025-01-01'))).toBe(monthIndex(day('2024-12-31')) + 1);
  });

  it.each([
    [2024, 2, 29],
    [2023, 2, 28],
    [1900, 2, 28],
    [2000, 2, 29],
    [4, 2, 29],
    [2024, 4, 30],
    [2024, 12, 31],
  ])('counts the days of %i-%i as %i', (year, month, days) => {
    expect(daysInMonth(year, month)).toBe(days);
  });
});

describe('the business day', () => {
  it('begins at midnight in Shanghai, eight hours before UTC', () => {
    expect(businessDayOf(new Date('2026-03-31T15:59:59.999Z'))).toBe('2026-03-31');
    expect(businessDayOf(new Date('2026-03-31T16:00:00.000Z'))).toBe('2026-04-01');
    expect(startOfBusinessDay(day('2026-04-01')).toISOString()).toBe('2026-03-31T16:00:00.000Z');
  });

  it('does not exist for a moment that is none', () => {
    expect(() => businessDayOf(new Date(Number.NaN))).toThrow(RangeError);
  });
});
