/**
 * Days off and make-up working days of mainland China, 2016 to 2026, as the yearly notices of the
 * State Council's General Office give them, one row for the notice of a year; a later notice that
 * changed the year is named with it. A weekend day is off unless a notice makes it a working day.
 */
import type { CalendarDate } from './brand.ts';
import { addDays, dayIndex } from './calendar.ts';
import { commonRefusals } from './refusal.ts';

/** Named wherever a date that was moved by it is stored. Changes with every change of the data. */
export const calendarVersion = 'cn-2016-2026.1';

const firstYear = 2016;
const lastYear = 2026;

interface HolidayNotice {
  /** First and last day off, both included. */
  readonly off: readonly (readonly [string, string])[];
  readonly working: readonly string[];
}

const noticesOfHolidays: readonly HolidayNotice[] = [
  {
    // 2016: 国办发明电〔2015〕18号
    off: [
      ['2016-01-01', '2016-01-03'],
      ['2016-02-07', '2016-02-13'],
      ['2016-04-02', '2016-04-04'],
      ['2016-04-30', '2016-05-02'],
      ['2016-06-09', '2016-06-11'],
      ['2016-09-15', '2016-09-17'],
      ['2016-10-01', '2016-10-07'],
    ],
    working: ['2016-02-06', '2016-02-14', '2016-06-12', '2016-09-18', '2016-10-08', '2016-10-09'],
  },
  {
    // 2017: 国办发明电〔2016〕17号
    off: [
      ['2016-12-31', '2017-01-02'],
      ['2017-01-27', '2017-02-02'],
      ['2017-04-02', '2017-04-04'],
      ['2017-04-29', '2017-05-01'],
      ['2017-05-28', '2017-05-30'],
      ['2017-10-01', '2017-10-08'],
    ],
    working: ['2017-01-22', '2017-02-04', '2017-04-01', '2017-05-27', '2017-09-30'],
  },
  {
    // 2018: 国办发明电〔2017〕12号
    off: [
      ['2017-12-30', '2018-01-01'],
      ['2018-02-15', '2018-02-21'],
      ['2018-04-05', '2018-04-07'],
      ['2018-04-29', '2018-05-01'],
      ['2018-06-16', '2018-06-18'],
      ['2018-09-22', '2018-09-24'],
      ['2018-10-01', '2018-10-07'],
    ],
    working: ['2018-02-11', '2018-02-24', '2018-04-08', '2018-04-28', '2018-09-29', '2018-09-30'],
  },
  {
    // 2019: 国办发明电〔2018〕15号, Labour Day by 国办发明电〔2019〕3号
    off: [
      ['2018-12-30', '2019-01-01'],
      ['2019-02-04', '2019-02-10'],
      ['2019-04-05', '2019-04-07'],
      ['2019-05-01', '2019-05-04'],
      ['2019-06-07', '2019-06-09'],
      ['2019-09-13', '2019-09-15'],
      ['2019-10-01', '2019-10-07'],
    ],
    working: [
      '2018-12-29',
      '2019-02-02',
      '2019-02-03',
      '2019-04-28',
      '2019-05-05',
      '2019-09-29',
      '2019-10-12',
    ],
  },
  {
    // 2020: 国办发明电〔2019〕16号. 〔2020〕1号 prolonged the Spring Festival and took 1 February back.
    off: [
      ['2020-01-01', '2020-01-01'],
      ['2020-01-24', '2020-02-02'],
      ['2020-04-04', '2020-04-06'],
      ['2020-05-01', '2020-05-05'],
      ['2020-06-25', '2020-06-27'],
      ['2020-10-01', '2020-10-08'],
    ],
    working: ['2020-01-19', '2020-04-26', '2020-05-09', '2020-06-28', '2020-09-27', '2020-10-10'],
  },
  {
    // 2021: 国办发明电〔2020〕27号
    off: [
      ['2021-01-01', '2021-01-03'],
      ['2021-02-11', '2021-02-17'],
      ['2021-04-03', '2021-04-05'],
      ['2021-05-01', '2021-05-05'],
      ['2021-06-12', '2021-06-14'],
      ['2021-09-19', '2021-09-21'],
      ['2021-10-01', '2021-10-07'],
    ],
    working: [
      '2021-02-07',
      '2021-02-20',
      '2021-04-25',
      '2021-05-08',
      '2021-09-18',
      '2021-09-26',
      '2021-10-09',
    ],
  },
  {
    // 2022: 国办发明电〔2021〕11号
    off: [
      ['2022-01-01', '2022-01-03'],
      ['2022-01-31', '2022-02-06'],
      ['2022-04-03', '2022-04-05'],
      ['2022-04-30', '2022-05-04'],
      ['2022-06-03', '2022-06-05'],
      ['2022-09-10', '2022-09-12'],
      ['2022-10-01', '2022-10-07'],
    ],
    working: [
      '2022-01-29',
      '2022-01-30',
      '2022-04-02',
      '2022-04-24',
      '2022-05-07',
      '2022-10-08',
      '2022-10-09',
    ],
  },
  {
    // 2023: 国办发明电〔2022〕16号
    off: [
      ['2022-12-31', '2023-01-02'],
      ['2023-01-21', '2023-01-27'],
      ['2023-04-05', '2023-04-05'],
      ['2023-04-29', '2023-05-03'],
      ['2023-06-22', '2023-06-24'],
      ['2023-09-29', '2023-10-06'],
    ],
    working: [
      '2023-01-28',
      '2023-01-29',
      '2023-04-23',
      '2023-05-06',
      '2023-06-25',
      '2023-10-07',
      '2023-10-08',
    ],
  },
  {
    // 2024: 国办发明电〔2023〕7号
    off: [
      ['2023-12-30', '2024-01-01'],
      ['2024-02-10', '2024-02-17'],
      ['2024-04-04', '2024-04-06'],
      ['2024-05-01', '2024-05-05'],
      ['2024-06-08', '2024-06-10'],
      ['2024-09-15', '2024-09-17'],
      ['2024-10-01', '2024-10-07'],
    ],
    working: [
      '2024-02-04',
      '2024-02-18',
      '2024-04-07',
      '2024-04-28',
      '2024-05-11',
      '2024-09-14',
      '2024-09-29',
      '2024-10-12',
    ],
  },
  {
    // 2025: 国办发明电〔2024〕12号
    off: [
      ['2025-01-01', '2025-01-01'],
      ['2025-01-28', '2025-02-04'],
      ['2025-04-04', '2025-04-06'],
      ['2025-05-01', '2025-05-05'],
      ['2025-05-31', '2025-06-02'],
      ['2025-10-01', '2025-10-08'],
    ],
    working: ['2025-01-26', '2025-02-08', '2025-04-27', '2025-09-28', '2025-10-11'],
  },
  {
    // 2026: 国办发明电〔2025〕7号
    off: [
      ['2026-01-01', '2026-01-03'],
      ['2026-02-15', '2026-02-23'],
      ['2026-04-04', '2026-04-06'],
      ['2026-05-01', '2026-05-05'],
      ['2026-06-19', '2026-06-21'],
      ['2026-09-25', '2026-09-27'],
      ['2026-10-01', '2026-10-07'],
    ],
    working: ['2026-01-04', '2026-02-14', '2026-02-28', '2026-05-09', '2026-09-20', '2026-10-10'],
  },
];

const daysOff: ReadonlySet<string> = new Set(
  noticesOfHolidays.flatMap(({ off }) => off.flatMap(([first, last]) => daysFrom(first, last))),
);
const madeWorking: ReadonlySet<string> = new Set(
  noticesOfHolidays.flatMap(({ working }) => working),
);

/** True on a day off that a notice names; an ordinary weekend is not one. Refuses years outside 2016 to 2026. */
export function isStatutoryHoliday(date: CalendarDate): boolean {
  refuseUnknownYear(date);
  return daysOff.has(date);
}

/** Monday to Friday less the days off, and the weekend days made working. Refuses years outside 2016 to 2026. */
export function isWorkingDay(date: CalendarDate): boolean {
  refuseUnknownYear(date);
  if (madeWorking.has(date)) return true;
  return !daysOff.has(date) && !isWeekend(date);
}

function isWeekend(date: CalendarDate): boolean {
  const daysSinceMonday = (((dayIndex(date) + 3) % 7) + 7) % 7; // 1970-01-01 was a Thursday.
  return daysSinceMonday >= 5;
}

function daysFrom(first: string, last: string): string[] {
  const days: string[] = [];
  for (let day = first; day <= last; day = addDays(day as CalendarDate, 1)) days.push(day);
  return days;
}

function refuseUnknownYear(date: CalendarDate): void {
  const year = Number(date.slice(0, 4));
  if (year < firstYear || year > lastYear) {
    throw commonRefusals.FIELD_INVALID({
      field: 'date',
      limit: `${firstYear} to ${lastYear}, the years whose holidays are known`,
    });
  }
}
