import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { CalendarDate } from './brand.ts';
import { addDays, addMonths, dayIndex, dayOfIndex } from './calendar.ts';
import { isWorkingDay } from './holidays.ts';
import { endOfLegalPeriod, type LegalPeriod } from './legal-period.ts';

const day = (text: string) => text as CalendarDate;

it.each([
  ['2026-03-31', { months: 6 }, '2026-09-30'], // a month without the day ends on its last
  ['2026-04-07', { months: 6 }, '2026-10-08'], // 7 October is a holiday
  ['2026-04-08', { months: 6 }, '2026-10-08'],
  ['2026-04-09', { months: 6 }, '2026-10-09'],
  ['2026-04-10', { months: 6 }, '2026-10-10'], // a Saturday made a working day
  ['2026-04-11', { months: 6 }, '2026-10-12'], // a Sunday
  ['2023-08-31', { months: 6 }, '2024-02-29'],
  ['2022-08-31', { months: 6 }, '2023-02-28'],
  ['2026-03-02', { days: 1 }, '2026-03-03'], // the first day is not counted
  ['2026-02-11', { days: 3 }, '2026-02-14'], // a Saturday made a working day
  ['2026-02-11', { days: 4 }, '2026-02-24'], // over the whole Spring Festival
  ['2020-01-10', { days: 15 }, '2020-02-03'],
] satisfies [string, LegalPeriod, string][])('a period from %s of %o ends on %s', (...given) => {
  const [start, period, end] = given;
  expect(endOfLegalPeriod(day(start), period)).toBe(end);
});

it('may begin before the years whose holidays are known, and may not end after them', () => {
  expect(endOfLegalPeriod(day('2015-12-31'), { days: 4 })).toBe('2016-01-04');
  expect(() => endOfLegalPeriod(day('2026-07-01'), { months: 6 })).toThrow('2016 to 2026');
});

it.each([{ days: 0 }, { months: -1 }, { months: 1.5 }, { days: Number.NaN }])(
  'refuses a length of %o',
  (period) => {
    expect(() => endOfLegalPeriod(day('2026-01-05'), period)).toThrow(
      expect.objectContaining({ reason: 'FIELD_INVALID' }),
    );
  },
);

it('ends on a working day, and on the first one that is not too early', () => {
  const first = dayIndex(day('2016-01-01'));
  const last = dayIndex(day('2024-12-01'));
  fc.assert(
    fc.property(
      fc.integer({ min: first, max: last }),
      fc.integer({ min: 1, max: 24 }),
      fc.boolean(),
      (index, length, inMonths) => {
        const start = dayOfIndex(index);
        const unmoved = inMonths ? addMonths(start, length) : addDays(start, length);
        const end = endOfLegalPeriod(start, inMonths ? { months: length } : { days: length });
        expect(isWorkingDay(end)).toBe(true);
        for (let date = unmoved; date < end; date = addDays(date, 1)) {
          expect(isWorkingDay(date)).toBe(false);
        }
        expect(end >= unmoved).toBe(true);
      },
    ),
    { seed: 42 },
  );
});
