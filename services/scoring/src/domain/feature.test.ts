import { type CalendarDate, dayIndex, log } from '@lianbao/kernel';
import { expect, it } from 'vitest';
import { factsOf, features, noSale, vectorOf } from './feature.ts';
import { summarise } from './summary.ts';
import type { StoredRecord } from './trading-record.ts';

const asOf = '2020-02-21' as CalendarDate;

interface Made {
  readonly on: string;
  readonly yuan: number;
  readonly purchase?: boolean;
  readonly isVoid?: boolean;
  readonly of?: string;
}

const recordsOf = (made: readonly Made[]): StoredRecord[] =>
  made.map(({ on, yuan, purchase = false, isVoid = false, of = 'C1' }, at) => ({
    source: 's',
    externalId: String(at),
    revision: 1,
    day: dayIndex(on as CalendarDate),
    direction: purchase ? 'PURCHASE' : 'SALE',
    isVoid,
    counterparty: of,
    netFen: BigInt(yuan) * 100n,
    taxFen: BigInt(yuan) * 13n,
    ingestSequence: BigInt(at + 1),
  }));

const factsFor = (made: readonly Made[]) => factsOf(summarise(recordsOf(made), asOf, 1_000n));

/** By name, for eyes. */
const valuesFor = (made: readonly Made[]): Record<string, number> => {
  const vector = vectorOf(factsFor(made));
  return Object.fromEntries(features.map(({ id }, at) => [id, vector[at] as number]));
};

it('computes every feature of a few invoices as by hand', () => {
  const values = valuesFor([
    { on: '2019-02-21', yuan: 500, of: 'C9' }, // 365 days ago: in the year before.
    { on: '2019-02-22', yuan: 100 }, // 364 days ago: in the last year.
    { on: '2019-11-23', yuan: 200, of: 'C2' }, // 90 days ago: in the 90 before.
    { on: '2019-11-24', yuan: 300 }, // 89 days ago: in the last 90.
    { on: '2019-12-30', yuan: -100 }, // Red.
    { on: '2019-12-31', yuan: 900, isVoid: true },
    { on: '2020-02-20', yuan: 400 },
    { on: '2020-02-22', yuan: 7_777, of: 'C8' }, // Tomorrow.
    { on: '2019-12-01', yuan: 250, purchase: true, of: 'D1' },
    { on: '2019-12-02', yuan: 250, purchase: true, of: 'D2' },
    { on: '2019-12-02', yuan: 50, purchase: true, of: 'D2', isVoid: true },
  ]);
  expect(values).toEqual({
    ln_sales: log(1 + 1_400),
    ln_purchases: log(1 + 500),
    invoices_out: 7,
    invoices_in: 3,
    void_share_out: 1 / 7,
    void_share_in: 1 / 3,
    negative_share_out: 1 / 6,
    negative_share_in: 0,
    // February and November 2019. December has a return only, February 2020 is not over.
    months_with_sales: 2,
    // 600, 500 and -100: mean 1000 / 3.
    sales_variation:
      Math.sqrt(
        ((60_000 - 100_000 / 3) ** 2 + (50_000 - 100_000 / 3) ** 2 + (-10_000 - 100_000 / 3) ** 2) /
          2,
      ) /
      (100_000 / 3),
    days_since_sale: 1,
    customers: 3,
    suppliers: 2,
    // C1 has 800 of 1,500, C9 500, C2 200.
    customer_hhi: (80_000 ** 2 + 50_000 ** 2 + 20_000 ** 2) / 150_000 ** 2,
    supplier_hhi: 0.5,
    ln_sales_growth_365: log(1 + 900) - log(1 + 500),
    margin: 900 / 1_400,
    // December; then the months that take the mean of the three before them.
    ln_lowest_month: 0,
    ln_median_month: values.ln_median_month,
    ln_sales_growth_90: log(1 + 600) - log(1 + 200),
    top_customer_share: 800 / 1_500,
  });
});

it('has a value for each feature of a seller without a sale', () => {
  const values = valuesFor([{ on: '2019-12-01', yuan: 250, purchase: true }]);
  expect(values.days_since_sale).toBe(noSale);
  for (const id of [
    'void_share_out',
    'negative_share_out',
    'customer_hhi',
    'margin',
    'sales_variation',
  ]) {
    expect(values[id], id).toBeNaN();
  }
  expect(values.ln_sales).toBe(0);
  expect(values.ln_sales_growth_365).toBe(0);
});

it('never gives a negative zero, which storage would not keep', () => {
  for (const made of [[], [{ on: '2019-12-01', yuan: -1 }], [{ on: '2019-12-01', yuan: 0 }]]) {
    const vector = vectorOf(factsFor(made));
    expect([...vector].filter((value) => Object.is(value, -0))).toEqual([]);
  }
});

it('counts free cash with tax, of the last ninety days', () => {
  const { freeCash90Fen } = factsFor([
    { on: '2019-11-23', yuan: 5_000 },
    { on: '2019-11-24', yuan: 1_000 },
    { on: '2020-02-21', yuan: 400, purchase: true },
  ]);
  expect(freeCash90Fen).toBe(113_000n - 45_200n);
});
