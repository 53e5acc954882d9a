/** The summary of a seller's records: from roll-ups where they say it all, else from the records. */
import { type CalendarDate, dayIndex, monthIndex } from '@lianbao/kernel';
import { sql } from '@lianbao/persistence';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { TradingRows } from '../application/ports.ts';
import { type SideSummary, summarise, type TradingSummary } from '../domain/summary.ts';
import { recordFrom } from './trading-rows.ts';

export const summaryRowsOn = (em: EntityManager): Pick<TradingRows, 'summaryNow' | 'summaryAt'> => {
  const summaryAt: TradingRows['summaryAt'] = async (seller, asOf, watermark) => {
    const { rows } = await sql<
      Parameters<typeof recordFrom>[0] & { readonly sources: readonly string[] }
    >(
      em,
      `select sources, source_key, external_id, revision, ingest_seq, event_day, is_sale, is_void,
         counterparty, net_fen, tax_fen
         from trading_head join trading_record using (tenant, seller_key)
        where seller = $1 and ingest_seq <= $2 and event_day <= $3`,
      [seller, watermark, dayIndex(asOf)],
    );
    const [first] = rows;
    if (first === undefined) return undefined;
    const records = rows.map((row) => recordFrom(row, first.sources));
    return summarise(records, asOf, watermark);
  };

  return {
    summaryAt,
    summaryNow: async (seller, asOf) => {
      const { rows } = await sql<SummaryRow>(em, summing, [
        seller,
        dayIndex(asOf),
        monthIndex(asOf),
      ]);
      const [row] = rows;
      if (row === undefined) return undefined;
      const watermark = BigInt(row.watermark);
      if (row.last_day <= dayIndex(asOf)) return { watermark, summary: summaryFrom(row, asOf) };
      // Roll-ups hold records of days to come as well.
      const summary = await summaryAt(seller, asOf, watermark);
      return { watermark, summary: summary ?? summarise([], asOf, watermark) };
    },
  };
};

/** Sums come as text; null over no row. */
interface SummaryRow {
  readonly watermark: string;
  readonly last_day: number;
  readonly months: string | null;
  readonly last_sale_day: number | null;
  readonly newest_record_day: number | null;
  readonly [sum: `${'sale' | 'purchase'}_${string}`]: string | null;
  readonly sales_365: string | null;
  readonly sales_before_365: string | null;
  readonly sales_90: string | null;
  readonly sales_before_90: string | null;
  readonly cash_90: string | null;
}

function summaryFrom(row: SummaryRow, asOf: CalendarDate): TradingSummary {
  const side = (name: 'sale' | 'purchase'): SideSummary => ({
    count: Number(row[`${name}_count`] ?? 0),
    voidCount: Number(row[`${name}_void_count`] ?? 0),
    negativeCount: Number(row[`${name}_negative_count`] ?? 0),
    netFen: whole(row[`${name}_net_fen`]),
    counterpartyCount: Number(row[`${name}_counterparties`] ?? 0),
    positiveFen: whole(row[`${name}_positive_fen`]),
    positiveSquares: whole(row[`${name}_positive_squares`]),
    greatestFen: whole(row[`${name}_greatest_fen`]),
  });
  const months = (row.months ?? '').split(',').filter((text) => text !== '');
  return {
    asOf,
    sale: side('sale'),
    purchase: side('purchase'),
    lastSaleDay: row.last_sale_day ?? undefined,
    newestRecordDay: row.newest_record_day ?? undefined,
    months: months.map((text) => {
      const [month = '', netFen = '', count = ''] = text.split(':');
      return { month: Number(month), netFen: BigInt(netFen), count: Number(count) };
    }),
    sales365Fen: whole(row.sales_365),
    salesBefore365Fen: whole(row.sales_before_365),
    sales90Fen: whole(row.sales_90),
    salesBefore90Fen: whole(row.sales_before_90),
    freeCash90Fen: whole(row.cash_90),
  };
}

const whole = (text: string | null | undefined): bigint => BigInt(text ?? 0);

const counterparties = (name: string) => `
  count(*) filter (where ${name}) as ${name}_counterparties,
  sum(positive_fen) filter (where ${name}) as ${name}_positive_fen,
  sum(positive_fen::numeric * positive_fen) filter (where ${name}) as ${name}_positive_squares,
  max(positive_fen) filter (where ${name}) as ${name}_greatest_fen`;

// One look, so that all of it is of one moment and one watermark.
const summing = `
  select watermark, last_day, d.*, m.*, c.*
    from trading_head as h, lateral (
      select sum(sale_count) as sale_count, sum(sale_void_count) as sale_void_count,
        sum(sale_negative_count) as sale_negative_count, sum(sale_net_fen) as sale_net_fen,
        sum(purchase_count) as purchase_count, sum(purchase_void_count) as purchase_void_count,
        sum(purchase_negative_count) as purchase_negative_count,
        sum(purchase_net_fen) as purchase_net_fen,
        sum(sale_net_fen) filter (where day > $2 - 365) as sales_365,
        sum(sale_net_fen) filter (where day > $2 - 730 and day <= $2 - 365) as sales_before_365,
        sum(sale_net_fen) filter (where day > $2 - 90) as sales_90,
        sum(sale_net_fen) filter (where day > $2 - 180 and day <= $2 - 90) as sales_before_90,
        sum(sale_net_fen + sale_tax_fen - purchase_net_fen - purchase_tax_fen)
          filter (where day > $2 - 90) as cash_90,
        max(day) filter (where sale_count > sale_void_count) as last_sale_day,
        max(day) filter (where sale_count + purchase_count > 0) as newest_record_day
        from trading_day where seller_key = h.seller_key
    ) as d, lateral (
      select string_agg(month || ':' || net || ':' || n, ',' order by month) as months from (
        select month, sum(sale_net_fen) as net,
          sum(sale_count - sale_void_count - sale_negative_count) as n
          from trading_day where seller_key = h.seller_key and month < $3
         group by month
        having sum(sale_net_fen) <> 0 or sum(sale_count - sale_void_count - sale_negative_count) > 0
      ) as one
    ) as m, lateral (
      select ${counterparties('sale').replaceAll('where sale', 'where is_sale')},
        ${counterparties('purchase').replaceAll('where purchase', 'where not is_sale')}
        from trading_counterparty where seller_key = h.seller_key and valid_count > 0
    ) as c
   where seller = $1 and watermark > 0`;
