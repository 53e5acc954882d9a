/**
 * All that features see of a seller's records at one moment: whole counts and whole fen. `summarise`
 * makes it from raw records; the store makes the same from roll-ups. Point in time: a record counts
 * from its day on and once it is known, and of one record the last revision seen counts.
 */
import { type CalendarDate, dayIndex, dayOfIndex, monthIndex } from '@lianbao/kernel';
import { rollUp } from './roll-up.ts';
import { type DayIndex, identityOf, type StoredRecord } from './trading-record.ts';

export interface SideSummary {
  /** Void invoices included. */
  readonly count: number;
  readonly voidCount: number;
  /** Valid invoices of negative amount. */
  readonly negativeCount: number;
  /** Of valid invoices, without tax, as all amounts here that do not say otherwise. */
  readonly netFen: bigint;
  readonly counterpartyCount: number;
  /** Over counterparties, of what their valid invoices of positive amount come to: sum, sum of squares, greatest. */
  readonly positiveFen: bigint;
  readonly positiveSquares: bigint;
  readonly greatestFen: bigint;
}

export interface MonthOfSales {
  /** Months since year 0. */
  readonly month: number;
  readonly netFen: bigint;
  /** Valid sales of the month that are not negative. */
  readonly count: number;
}

export interface TradingSummary {
  readonly asOf: CalendarDate;
  readonly sale: SideSummary;
  readonly purchase: SideSummary;
  /** Day of the last valid sale. */
  readonly lastSaleDay: DayIndex | undefined;
  /** Day of the last record, void or not. */
  readonly newestRecordDay: DayIndex | undefined;
  /** Whole calendar months before that of the as-of day that have sales or returns, ascending. */
  readonly months: readonly MonthOfSales[];
  /** Of the last 365 and 90 days, the as-of day the last of them, and of as many before. */
  readonly sales365Fen: bigint;
  readonly salesBefore365Fen: bigint;
  readonly sales90Fen: bigint;
  readonly salesBefore90Fen: bigint;
  /** Sales less purchases of the last 90 days, tax included. */
  readonly freeCash90Fen: bigint;
}

/** The records that count at this moment. */
export function visibleRecords(
  records: Iterable<StoredRecord>,
  asOf: CalendarDate,
  watermark: bigint,
): readonly StoredRecord[] {
  const lastDay = dayIndex(asOf);
  const last = new Map<string, StoredRecord>();
  for (const record of records) {
    if (record.day > lastDay || record.ingestSequence > watermark) continue;
    const identity = identityOf(record);
    const other = last.get(identity);
    if (other === undefined || other.revision < record.revision) last.set(identity, record);
  }
  return [...last.values()];
}

export function summarise(
  records: Iterable<StoredRecord>,
  asOf: CalendarDate,
  watermark: bigint,
): TradingSummary {
  const accepted = visibleRecords(records, asOf, watermark);
  const { days, counterparties } = rollUp({ accepted, superseded: [] });
  const lastDay = dayIndex(asOf);
  const asOfMonth = monthIndex(asOf);
  const months = new Map<number, { netFen: bigint; count: number }>();
  const sums = { sales365: 0n, before365: 0n, sales90: 0n, before90: 0n, cash90: 0n };
  let lastSaleDay: DayIndex | undefined;
  let newestRecordDay: DayIndex | undefined;

  for (const { day, month, sale, purchase } of days) {
    const age = lastDay - day;
    if (age < 365) sums.sales365 += sale.netFen;
    else if (age < 730) sums.before365 += sale.netFen;
    if (age < 90) {
      sums.sales90 += sale.netFen;
      sums.cash90 += sale.netFen + sale.taxFen - purchase.netFen - purchase.taxFen;
    } else if (age < 180) sums.before90 += sale.netFen;
    if (newestRecordDay === undefined || day > newestRecordDay) newestRecordDay = day;
    const valid = sale.count - sale.voidCount;
    if (valid > 0 && (lastSaleDay === undefined || day > lastSaleDay)) lastSaleDay = day;
    if (month >= asOfMonth) continue;
    const ofMonth = months.get(month) ?? { netFen: 0n, count: 0 };
    months.set(month, {
      netFen: ofMonth.netFen + sale.netFen,
      count: ofMonth.count + valid - sale.negativeCount,
    });
  }

  const sideOf = (direction: 'SALE' | 'PURCHASE'): SideSummary => {
    const side = { count: 0, voidCount: 0, negativeCount: 0, netFen: 0n };
    for (const { sale, purchase } of days) {
      const one = direction === 'SALE' ? sale : purchase;
      side.count += one.count;
      side.voidCount += one.voidCount;
      side.negativeCount += one.negativeCount;
      side.netFen += one.netFen;
    }
    const of = counterparties.filter((one) => one.direction === direction && one.validCount > 0);
    const positive = of.map(({ positiveFen }) => positiveFen);
    return {
      ...side,
      counterpartyCount: of.length,
      positiveFen: positive.reduce((sum, fen) => sum + fen, 0n),
      positiveSquares: positive.reduce((sum, fen) => sum + fen * fen, 0n),
      greatestFen: positive.reduce((most, fen) => (fen > most ? fen : most), 0n),
    };
  };

  return {
    asOf,
    sale: sideOf('SALE'),
    purchase: sideOf('PURCHASE'),
    lastSaleDay,
    newestRecordDay,
    months: [...months]
      .map(([month, of]) => ({ month, ...of }))
      .filter(({ netFen, count }) => netFen !== 0n || count > 0)
      .sort((a, b) => a.month - b.month),
    sales365Fen: sums.sales365,
    salesBefore365Fen: sums.before365,
    sales90Fen: sums.sales90,
    salesBefore90Fen: sums.before90,
    freeCash90Fen: sums.cash90,
  };
}

/** The day of the newest record, as a date. */
export const newestRecordDate = ({ newestRecordDay }: TradingSummary): CalendarDate | undefined =>
  newestRecordDay === undefined ? undefined : dayOfIndex(newestRecordDay);
