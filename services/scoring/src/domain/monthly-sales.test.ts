import { type CalendarDate, monthIndex } from '@lianbao/kernel';
import { describe, expect, it } from 'vitest';
import { monthlyFigures } from './monthly-sales.ts';
import { summarise } from './summary.ts';

const asOf = '2020-02-21' as CalendarDate;
const to = monthIndex(asOf);

/** `sales`: of the months before the as-of month, the last first; undefined has none. */
const figuresOf = (sales: readonly (bigint | undefined)[]) =>
  monthlyFigures({
    ...summarise([], asOf, 0n),
    months: sales
      .flatMap((netFen, back) =>
        netFen === undefined ? [] : [{ month: to - 1 - back, netFen, count: 1 }],
      )
      .reverse(),
  });

const twelve = [120n, 110n, 100n, 90n, 80n, 70n, 60n, 50n, 40n, 30n, 20n, 10n];

describe('monthlyFigures', () => {
  it('takes lowest, quartile and median from twelve months by rank', () => {
    expect(figuresOf(twelve)).toEqual({
      monthsWithSales: 12,
      sales12mFen: 780n,
      lowestMonthFen: 10n,
      firstQuartileMonthFen: 30n,
      twiceMedianMonthFen: 130n,
    });
  });

  it('does not see the thirteenth month back', () => {
    expect(figuresOf([...twelve, 1n])).toEqual(figuresOf(twelve));
  });

  it('fills a month without sales with the mean of the three before it, rounded down', () => {
    // From the last back: a gap after 101, 100, 100; then the months before those.
    const { lowestMonthFen, monthsWithSales, sales12mFen } = figuresOf([
      500n,
      undefined,
      101n,
      100n,
      100n,
      ...Array.from({ length: 7 }, () => 900n),
    ]);
    expect(lowestMonthFen).toBe(100n); // 301 / 3 is 100.33.
    expect(monthsWithSales).toBe(11);
    expect(sales12mFen).toBe(7_101n); // Nothing filled in here.
  });

  it('does not count the months before the first sale', () => {
    const nine = twelve.slice(0, 9);
    expect(figuresOf(nine)).toMatchObject({ monthsWithSales: 9, lowestMonthFen: 40n });
  });

  it('keeps a month of returns as it is', () => {
    expect(figuresOf([-5n, 10n]).lowestMonthFen).toBe(-5n); // Not filled.
  });

  it('is all zero without sales', () => {
    expect(figuresOf([])).toMatchObject({ lowestMonthFen: 0n, firstQuartileMonthFen: 0n });
  });
});
