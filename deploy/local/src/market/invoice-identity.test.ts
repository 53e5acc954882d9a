import { type CalendarDate, dayIndex } from '@lianbao/kernel';
import { expect, it } from 'vitest';
import { collapse, externalIdOf } from './invoice-identity.ts';
import type { Invoice } from './market.ts';
import { askedFen, sales12mFen } from './yearly-sales.ts';

const day = (text: string) => dayIndex(text as CalendarDate);
const invoice: Invoice = {
  direction: 'SALE',
  number: '12345678',
  day: day('2020-01-31'),
  counterparty: 'B00001',
  netFen: 100_00n,
  taxFen: 13_00n,
  isVoid: false,
  revision: 1,
};
const asOf = '2020-02-21' as CalendarDate;

it('counts a full copy once, and gives another tax or status the next revision', () => {
  const rows = [
    invoice,
    invoice,
    { ...invoice, isVoid: true },
    invoice,
    { ...invoice, taxFen: 14_00n },
    { ...invoice, netFen: 100_01n },
  ];
  const { invoices, copyCount, correctionCount } = collapse(rows);
  expect([copyCount, correctionCount]).toEqual([2, 2]);
  expect([...invoices].map(({ revision, isVoid }) => [revision, isVoid])).toEqual([
    [1, false],
    [2, true],
    [3, false],
    [1, false],
  ]);
});

it.each([
  ['number', { number: '12345679' }],
  ['direction', { direction: 'PURCHASE' as const }],
  ['date', { day: invoice.day - 1 }],
  ['counterparty', { counterparty: 'B00002' }],
  ['amount', { netFen: -100_00n }],
])('is another invoice with another %s', (_, change) => {
  expect(externalIdOf({ ...invoice, ...change })).not.toBe(externalIdOf(invoice));
});

it('has an external id of at most 100 printable characters even at its longest', () => {
  const longest = externalIdOf({
    ...invoice,
    number: '9'.repeat(20),
    counterparty: 'C'.repeat(40),
    netFen: -99_999_999_999_999n,
  });
  expect(longest).toMatch(/^[!-~]{1,100}$/);
});

it('sums the twelve whole months before, last revisions only, void ones not', () => {
  const rows: Invoice[] = [
    { ...invoice, number: '1', day: day('2019-01-31') },
    { ...invoice, number: '2', day: day('2019-02-01') },
    { ...invoice, number: '3', day: day('2020-01-31') },
    { ...invoice, number: '4', day: day('2020-02-01') },
    { ...invoice, number: '5', isVoid: true },
    { ...invoice, number: '6', direction: 'PURCHASE' },
    { ...invoice, number: '3', day: day('2020-01-31'), isVoid: true, revision: 2 },
    { ...invoice, number: '7', netFen: -30_00n },
  ];
  expect(sales12mFen(rows, asOf)).toBe(70_00n);
});

it('never has negative sales', () => {
  expect(sales12mFen([{ ...invoice, netFen: -1n }], asOf)).toBe(0n);
});

it.each([
  [0n, 20_000_00n],
  [249_999_99n, 20_000_00n],
  [250_000_00n, 30_000_00n],
  [1_049_999_99n, 100_000_00n],
  [1_050_000_00n, 110_000_00n],
  [4_949_999_99n, 490_000_00n],
  [9_999_999_99n, 500_000_00n],
])('asks of %d fen a year for %d fen', (year, asked) => {
  expect(askedFen(year)).toBe(asked);
});
