import type { CalendarDate } from '@lianbao/kernel';
import { expect, it } from 'vitest';
import { invoiceCount } from './market.ts';
import { seededRandom } from './random.ts';
import { syntheticMarket } from './synthetic-market.ts';

const asOf = '2020-02-21' as CalendarDate;
const options = { seed: 1, asOf, labelledCount: 60, applicantCount: 20, invoicesPerFirm: 100 };

it('draws the same numbers between 0 and 1 for the same seed', () => {
  const random = seededRandom(42);
  const again = seededRandom(42);
  const drawn = Array.from({ length: 5 }, () => random.unit());
  expect(drawn).toEqual(Array.from({ length: 5 }, () => again.unit()));
  expect(drawn.every((each) => each >= 0 && each < 1)).toBe(true);
});

it('gives the same market for the same seed, and another for another', () => {
  const firms = (seed: number) =>
    syntheticMarket({ ...options, seed }).firms.map(({ invoices, ...firm }) => [firm, ...invoices]);
  expect(firms(1)).toEqual(firms(1));
  expect(firms(1)).not.toEqual(firms(2));
});

it('knows the outcome of the labelled firms only, some good and some bad, all with invoices', () => {
  const { firms } = syntheticMarket(options);
  const outcomes = firms.map(({ isBad }) => isBad);
  expect(outcomes.slice(60)).toEqual(Array.from({ length: 20 }, () => undefined));
  const badCount = outcomes.filter((isBad) => isBad === true).length;
  expect(badCount).toBeGreaterThanOrEqual(8);
  expect(badCount).toBeLessThanOrEqual(24);
  expect(firms.every(({ invoices }) => invoices.count > 0)).toBe(true);
});

it('dates no invoice after the day of the market', () => {
  const market = syntheticMarket(options);
  const days = market.firms.flatMap(({ invoices }) => [...invoices].map(({ day }) => day));
  expect(days).toHaveLength(invoiceCount(market));
  expect(Math.max(...days)).toBeLessThanOrEqual(18_313); // 2020-02-21
});
