/**
 * A market of firms that do not exist, drawn from a seed: the same seed gives the same market. A firm
 * has a hidden soundness; the less of it, the more void invoices and returns, the fewer customers, the
 * less steady its sales, and the likelier a default. Most that default sell less in their last months.
 */
import { addMonths, type CalendarDate, dayIndex, daysInMonth, exp, partsOf } from '@lianbao/kernel';
import { InvoiceColumns } from './invoice-columns.ts';
import type { DayIndex, Firm, Invoice, MarketData } from './market.ts';
import { type Random, seededRandom } from './random.ts';
import { sales12mFen } from './yearly-sales.ts';

export interface SyntheticOptions {
  readonly seed: number;
  readonly asOf: CalendarDate;
  /** Firms whose outcome is known. */
  readonly labelledCount: number;
  /** Firms that come after them and apply. */
  readonly applicantCount: number;
  /** Of one firm, on the average. */
  readonly invoicesPerFirm: number;
}

const trades = [
  ['F', '商贸有限公司'],
  ['G', '物流有限公司'],
  ['C', '制造有限公司'],
  ['I', '软件有限公司'],
  ['F', '经营部'],
] as const;
const regions = ['330106', '330212', '330382', '330483', '330782'];
const monthCount = 30;

export function syntheticMarket(options: SyntheticOptions): MarketData {
  const { seed, asOf, labelledCount, applicantCount } = options;
  const firms = Array.from({ length: labelledCount + applicantCount }, (_, at) =>
    syntheticFirm(seededRandom(seed * 100_003 + at), at + 1, options),
  );
  const rowCount = firms.reduce((sum, { invoices }) => sum + invoices.count, 0);
  return { origin: 'SYNTHETIC', asOf, firms, rowCount, copyCount: 0, correctionCount: 0 };
}

function syntheticFirm(random: Random, number: number, options: SyntheticOptions): Firm {
  const { asOf, labelledCount } = options;
  const soundness = random.normal();
  // Some 22 in 100: outcomes follow soundness, but not by it alone.
  const isBad = soundness + 1.2 * random.normal() < -1.3 || random.unit() < 0.02;
  const [tradeCategory, words] = trades[random.below(trades.length)] as (typeof trades)[number];
  const invoices = drawInvoices(random, soundness, isBad, options);
  return {
    code: `S${number}`,
    number,
    legalName: `合成${number}号${words}`,
    kind: words.endsWith('公司') ? 'COMPANY' : 'INDIVIDUAL_BUSINESS',
    tradeCategory,
    regionCode: regions[random.below(regions.length)] as string,
    isBad: number <= labelledCount ? isBad : undefined,
    invoices,
    sales12mFen: sales12mFen(invoices, asOf),
  };
}

function drawInvoices(
  random: Random,
  soundness: number,
  isBad: boolean,
  { asOf, invoicesPerFirm }: SyntheticOptions,
): InvoiceColumns {
  const invoices = new InvoiceColumns();
  const lastDay = dayIndex(asOf);
  const monthlyYuan = exp(12.1 + 0.9 * random.normal() + 0.3 * soundness);
  const customers = 3 + Math.floor(exp(2.4 + 0.5 * soundness + 0.3 * random.normal()));
  const voidShare = Math.min(0.4, exp(-3 - 0.5 * soundness + 0.4 * random.normal()));
  const returnShare = Math.min(0.2, exp(-3.6 - 0.4 * soundness + 0.4 * random.normal()));
  const unrest = exp(-1.9 - 0.4 * soundness);
  const growth = 0.01 * soundness + 0.01 * random.normal();
  // Some are young, and some have left: no machine decides on them.
  const isYoung = random.unit() < 0.12;
  const firstMonth = isYoung ? monthCount - 2 - random.below(5) : random.below(8);
  const silentMonths = !isYoung && random.unit() < 0.05 ? 4 + random.below(3) : 0;
  const perMonth = Math.max(3, Math.round(invoicesPerFirm / (monthCount - 4)));
  const fails = random.unit() < (isBad ? 0.6 : 0.06);
  for (let month = firstMonth; month < monthCount - silentMonths; month += 1) {
    const ahead = monthCount - 1 - month;
    const failing = fails && ahead < 4 ? 0.35 + 0.15 * ahead : 1;
    const ofMonth = monthlyYuan * exp(growth * (month - monthCount) + unrest * random.normal());
    const count = Math.max(1, Math.round(perMonth * (0.7 + 0.6 * random.unit()) * failing));
    const { first, days } = monthAt(asOf, -ahead);
    for (let each = 0; each < count; each += 1) {
      const isSale = each % 5 < 3;
      const share = ((0.4 + 1.2 * random.unit()) * failing) / (perMonth * 0.6);
      const yuan = isSale ? ofMonth * share : ofMonth * share * (0.8 + 0.2 * random.unit());
      const isReturn = random.unit() < returnShare;
      const netFen = BigInt(Math.max(100, Math.round(yuan * 100))) * (isReturn ? -1n : 1n);
      const day = first + random.below(days);
      const invoice: Invoice = {
        direction: isSale ? 'SALE' : 'PURCHASE',
        number: String(10_000_000 + invoices.count),
        day,
        counterparty: `${isSale ? 'B' : 'V'}${skewed(random, isSale ? customers : customers + 5)}`,
        netFen,
        taxFen: (netFen * 13n) / 100n,
        isVoid: random.unit() < voidShare,
        revision: 1,
      };
      if (day <= lastDay) invoices.add(invoice);
    }
  }
  return invoices;
}

/** The first of them come most often, as with real customers. */
const skewed = (random: Random, count: number): number => {
  const draw = random.unit();
  return 1 + Math.floor(draw * draw * count);
};

function monthAt(asOf: CalendarDate, months: number): { first: DayIndex; days: number } {
  const first = addMonths(`${asOf.slice(0, 8)}01` as CalendarDate, months);
  const { year, month } = partsOf(first);
  return { first: dayIndex(first), days: daysInMonth(year, month) };
}
