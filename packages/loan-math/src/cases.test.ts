/**
 * The schedule cases beside the project (`../shared/cases/schedules.json`, section 6 of its README)
 * that lie within what `plan` does: one disbursement, declining, monthly, no events or grace.
 */
import { existsSync, readFileSync } from 'node:fs';
import { type CalendarDate, fen, ppmOfDecimal } from '@lianbao/kernel';
import { describe, expect, it } from 'vitest';
import type { DayCount, FenRounding } from './conventions.ts';
import { plan, type RepaymentMethod } from './plan.ts';

const file = new URL('../../../../shared/cases/schedules.json', import.meta.url);

interface ScheduleCase {
  readonly id: string;
  readonly use_as: 'TARGET' | 'RECORD';
  readonly engine: 'PROGRESSIVE' | 'CUMULATIVE' | 'BOTH';
  readonly interest_method: string;
  readonly amortisation: string;
  readonly day_count: string;
  readonly rounding: FenRounding;
  readonly instalment_multiple_of: string | null;
  readonly month_end?: string;
  readonly annual_rate_pct: string;
  readonly instalments: { readonly count: number; readonly every: number; readonly unit: string };
  readonly disbursements: readonly { readonly date: string; readonly amount: string }[];
  readonly events: readonly unknown[];
  readonly grace: unknown;
  readonly recalculation?: unknown;
  readonly down_payment_pct?: string;
  readonly period_start?: string;
  readonly seed_date?: string;
  readonly rows: readonly CaseRow[];
}

interface CaseRow {
  readonly n: number;
  readonly due: string;
  readonly principal: string;
  readonly interest: string;
  readonly total: string;
  readonly outstanding: string;
}

const dayCounts: Readonly<Record<string, DayCount>> = {
  'ACT/360': 'ACT_360',
  'ACT/365': 'ACT_365',
  '30/360': 'THIRTY_360',
};
const methods: Readonly<Record<string, RepaymentMethod>> = {
  EQUAL_INSTALMENT: 'EQUAL_INSTALMENT',
  BULLET: 'BULLET',
};

/** A decimal that is whole in millionths: amounts in fen are a ten-thousandth of them. */
const millionths = (text: string): bigint => {
  const value = ppmOfDecimal(text);
  if (value === undefined) throw new Error(`not a decimal: ${text}`);
  return value;
};
const fenOf = (text: string) => fen(millionths(text) / 10_000n);

const withinScope = (given: ScheduleCase): boolean =>
  given.use_as === 'TARGET' &&
  given.engine !== 'CUMULATIVE' &&
  given.interest_method === 'DECLINING' &&
  given.amortisation in methods &&
  given.day_count in dayCounts &&
  given.instalment_multiple_of === null &&
  (given.month_end ?? 'LAST_DAY_OF_MONTH') === 'LAST_DAY_OF_MONTH' &&
  given.instalments.unit === 'MONTH' &&
  given.instalments.every === 1 &&
  given.disbursements.length === 1 &&
  given.events.length === 0 &&
  given.grace === null &&
  given.recalculation === undefined &&
  given.down_payment_pct === undefined &&
  given.period_start === undefined;

describe.skipIf(!existsSync(file))('schedule cases beside the project, if they are there', () => {
  const { cases } = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as { cases: ScheduleCase[] })
    : { cases: [] };

  it.each(cases.filter(withinScope))('$id agrees in every column', (given) => {
    const [disbursement] = given.disbursements;
    const made = plan({
      principal: fenOf(disbursement?.amount as string),
      ratePpm: millionths(given.annual_rate_pct) / 100n,
      termMonths: given.instalments.count,
      method: methods[given.amortisation] as RepaymentMethod,
      startDate: disbursement?.date as CalendarDate,
      ...(given.seed_date === undefined ? {} : { seedDate: given.seed_date as CalendarDate }),
      conventions: {
        engine: 'progressive-1',
        dayCount: dayCounts[given.day_count] as DayCount,
        rounding: given.rounding,
        monthEnd: 'LAST_DAY_OF_MONTH',
      },
    });
    const expected = given.rows.map((row) => ({
      number: row.n,
      dueDate: row.due,
      principal: fenOf(row.principal),
      interest: fenOf(row.interest),
      total: fenOf(row.total),
      outstanding: fenOf(row.outstanding),
    }));
    expect(made).toEqual({ ok: true, instalments: expected });
  });
});
