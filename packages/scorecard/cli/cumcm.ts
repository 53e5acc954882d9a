/**
 * Set `cumcm2020c`: the base 17 features of scoring.md 3 per firm, from its VAT invoices as of a day.
 * Computed here for the accuracy run; the service computes its own from stored records.
 */
import { calendarDate, dayIndex } from '@lianbao/kernel';
import type { FeatureDefinition, TrainingTable } from '../src/index.ts';
import { cellColumn, linesOf, readCsv, readText } from './text-table.ts';

interface Invoice {
  readonly day: number;
  readonly month: string;
  readonly counterparty: string;
  readonly amount: number;
  readonly valid: boolean;
}

const noSaleDays = 9_999;

const feature = (
  id: string,
  trend: FeatureDefinition['trend'],
  reasonCode: string,
  specials: readonly number[] = [],
): FeatureDefinition => ({ id, trend, specials, reasonCode });

export const cumcmFeatures: readonly FeatureDefinition[] = [
  feature('ln_sales', 'descending', 'SALES_TOO_LOW'),
  feature('ln_purchases', 'descending', 'SALES_TOO_LOW'),
  feature('invoices_out', 'descending', 'SALES_TOO_LOW'),
  feature('invoices_in', 'descending', 'SALES_TOO_LOW'),
  feature('void_share_out', 'ascending', 'QUALITY_WEAK'),
  feature('void_share_in', 'ascending', 'QUALITY_WEAK'),
  feature('negative_share_out', 'ascending', 'QUALITY_WEAK'),
  feature('negative_share_in', 'ascending', 'QUALITY_WEAK'),
  feature('months_with_sales', 'descending', 'HISTORY_TOO_SHORT'),
  feature('sales_variation', 'ascending', 'SALES_FALLING'),
  feature('days_since_sale', 'ascending', 'SALES_FALLING', [noSaleDays]),
  feature('customers', 'descending', 'BUYERS_CONCENTRATED'),
  feature('suppliers', 'descending', 'BUYERS_CONCENTRATED'),
  feature('customer_hhi', 'ascending', 'BUYERS_CONCENTRATED'),
  feature('supplier_hhi', 'ascending', 'BUYERS_CONCENTRATED'),
  feature('ln_sales_growth', 'valley', 'SALES_FALLING'),
  feature('margin', 'valley', 'SALES_TOO_LOW'),
];

export function cumcm(dir: string, asOf: string): TrainingTable {
  const firms = readCsv(`${dir}/cumcm2020c/enterprises.csv`);
  const names = cellColumn(firms, 'enterprise');
  const lastDay = dayOf(asOf);
  const sales = readInvoices(`${dir}/cumcm2020c/credit_output_invoices.csv.gz`, lastDay);
  const purchases = readInvoices(`${dir}/cumcm2020c/credit_input_invoices.csv.gz`, lastDay);
  const vectors = names.map((name) =>
    vectorOf(sales.get(name) ?? [], purchases.get(name) ?? [], lastDay),
  );
  return {
    features: cumcmFeatures,
    columns: cumcmFeatures.map((_, at) =>
      Float64Array.from(vectors, (vector) => vector[at] as number),
    ),
    bad: Uint8Array.from(cellColumn(firms, 'defaulted'), Number),
  };
}

function dayOf(text: string): number {
  const date = calendarDate(text);
  if (date === undefined) throw new RangeError(`no date: ${text}`);
  return dayIndex(date);
}

function readInvoices(path: string, lastDay: number): Map<string, Invoice[]> {
  const invoices = new Map<string, Invoice[]>();
  for (const line of linesOf(readText(path)).slice(1)) {
    const [firm = '', , date = '', counterparty = '', amount = '', , , status] = line.split(',');
    const day = dayOf(date);
    if (day > lastDay) continue;
    const list = invoices.get(firm) ?? [];
    if (list.length === 0) invoices.set(firm, list);
    const month = date.slice(0, 7);
    list.push({ day, month, counterparty, amount: Number(amount), valid: status === 'valid' });
  }
  return invoices;
}

function vectorOf(out: readonly Invoice[], into: readonly Invoice[], lastDay: number): number[] {
  const sold = out.filter(({ valid }) => valid);
  const bought = into.filter(({ valid }) => valid);
  const sales = sumOf(sold);
  const purchases = sumOf(bought);
  const year = sumOf(sold.filter(({ day }) => day > lastDay - 365));
  const before = sumOf(sold.filter(({ day }) => day <= lastDay - 365 && day > lastDay - 730));
  const months = totals(sold, ({ month }) => month);
  const lastSale = sold.reduce((last, { day }) => Math.max(last, day), -Infinity);
  return [
    lnOnePlus(sales),
    lnOnePlus(purchases),
    out.length,
    into.length,
    share(out.length - sold.length, out.length),
    share(into.length - bought.length, into.length),
    share(sold.filter(({ amount }) => amount < 0).length, sold.length),
    share(bought.filter(({ amount }) => amount < 0).length, bought.length),
    months.length,
    variationOf(months),
    sold.length === 0 ? noSaleDays : lastDay - lastSale,
    totals(sold, ({ counterparty }) => counterparty).length,
    totals(bought, ({ counterparty }) => counterparty).length,
    hhiOf(sold),
    hhiOf(bought),
    Math.log((Math.max(0, year) + 1) / (Math.max(0, before) + 1)),
    sales > 0 ? (sales - purchases) / sales : Number.NaN,
  ];
}

const lnOnePlus = (x: number): number => Math.log(1 + Math.max(0, x));
const share = (part: number, whole: number): number => (whole === 0 ? Number.NaN : part / whole);
const sumOf = (invoices: readonly Invoice[]): number =>
  invoices.reduce((sum, { amount }) => sum + amount, 0);

function totals(invoices: readonly Invoice[], key: (invoice: Invoice) => string): number[] {
  const sums = new Map<string, number>();
  for (const invoice of invoices) {
    sums.set(key(invoice), (sums.get(key(invoice)) ?? 0) + invoice.amount);
  }
  return [...sums.values()];
}

/** Standard deviation over mean, of a sample; three months at least. */
function variationOf(months: readonly number[]): number {
  if (months.length < 3) return Number.NaN;
  const mean = months.reduce((sum, x) => sum + x, 0) / months.length;
  const squares = months.reduce((sum, x) => sum + (x - mean) ** 2, 0);
  return mean > 0 ? Math.sqrt(squares / (months.length - 1)) / mean : Number.NaN;
}

function hhiOf(invoices: readonly Invoice[]): number {
  const positive = invoices.filter(({ amount }) => amount > 0);
  const shares = totals(positive, ({ counterparty }) => counterparty);
  const whole = shares.reduce((sum, x) => sum + x, 0);
  return whole > 0 ? shares.reduce((sum, x) => sum + (x / whole) ** 2, 0) : Number.NaN;
}
