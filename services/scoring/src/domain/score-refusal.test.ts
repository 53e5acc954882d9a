import { type CalendarDate, dayIndex, monthIndex } from '@lianbao/kernel';
import { expect, it } from 'vitest';
import { factsOf } from './feature.ts';
import { recordFaults, type ScorePolicy } from './score-refusal.ts';
import { summarise } from './summary.ts';

const asOf = '2020-02-21' as CalendarDate;
const policy: ScorePolicy = {
  hash: '',
  monthsWithSalesMin: 9,
  recordAgeDaysMax: 90,
  scoreAgeDaysMax: 1,
};

const factsWith = (months: number, ageDays: number | undefined) =>
  factsOf({
    ...summarise([], asOf, 0n),
    sale: { ...summarise([], asOf, 0n).sale, count: months },
    newestRecordDay: ageDays === undefined ? undefined : dayIndex(asOf) - ageDays,
    months: Array.from({ length: months }, (_, at) => ({
      month: monthIndex(asOf) - months + at,
      netFen: 1n,
      count: 1,
    })),
  });

it.each<[number, number | undefined, readonly string[]]>([
  [9, 90, []],
  [8, 90, ['RECORDS_TOO_THIN']],
  [9, 91, ['RECORDS_STALE']],
  [8, 91, ['RECORDS_TOO_THIN', 'RECORDS_STALE']],
  [0, undefined, ['RECORDS_TOO_THIN']],
])('%d months with sales and a newest record of %s days: %j', (months, ageDays, faults) => {
  expect(recordFaults(factsWith(months, ageDays), policy)).toEqual(faults);
});
