import { publish } from '@lianbao/events';
import type { Tenant } from '@lianbao/kernel';
import { sql } from '@lianbao/persistence';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Head, TradingRows } from '../application/ports.ts';
import type { StoredRecord, TradingRecord } from '../domain/trading-record.ts';
import { tradingRecordsAdded } from '../events/scoring-events.ts';
import { numbersText, textsText } from './array-text.ts';

interface HeadRow {
  readonly seller_key: number;
  readonly sources: string[];
  readonly watermark: string;
}

interface RecordRow {
  readonly source_key: number;
  readonly external_id: string;
  readonly revision: number;
  readonly ingest_seq: string;
  readonly event_day: number;
  readonly is_sale: boolean;
  readonly is_void: boolean;
  readonly counterparty: string;
  readonly net_fen: string;
  readonly tax_fen: string;
}

const recordColumns = `source_key, external_id, revision, ingest_seq, event_day, is_sale, is_void,
  counterparty, net_fen, tax_fen`;

export const recordFrom = (row: RecordRow, sources: readonly string[]): StoredRecord => ({
  source: sources[row.source_key - 1] as string,
  externalId: row.external_id,
  revision: row.revision,
  ingestSequence: BigInt(row.ingest_seq),
  day: row.event_day,
  direction: row.is_sale ? 'SALE' : 'PURCHASE',
  isVoid: row.is_void,
  counterparty: row.counterparty,
  netFen: BigInt(row.net_fen),
  taxFen: BigInt(row.tax_fen),
});

const headFrom = (seller: string, { seller_key, sources, watermark }: HeadRow): Head => ({
  seller,
  key: seller_key,
  sources,
  watermark: BigInt(watermark),
});

export const tradingRowsOn = (
  em: EntityManager,
  tenant: Tenant,
): Pick<
  TradingRows,
  | 'lockHead'
  | 'openHead'
  | 'knownRevisions'
  | 'storeRecords'
  | 'recordsAdded'
  | 'watermarksOf'
  | 'coverage'
> => ({
  lockHead: async (seller) => {
    const { rows } = await sql<HeadRow>(
      em,
      'select seller_key, sources, watermark from trading_head where seller = $1 for update',
      [seller],
    );
    return rows[0] && headFrom(seller, rows[0]);
  },

  openHead: async (seller) => {
    // Somebody else may open it at the same time: then this waits for it and takes what it made.
    const { rows } = await sql<HeadRow>(
      em,
      `insert into trading_head (seller) values ($1)
       on conflict (tenant, seller) do update set seller = excluded.seller
       returning seller_key, sources, watermark`,
      [seller],
    );
    return headFrom(seller, rows[0] as HeadRow);
  },

  knownRevisions: async (head, records) => {
    const keyOf = keysOfSources(head.sources);
    const there = records.filter(({ source }) => keyOf.has(source));
    if (head.watermark === 0n || there.length === 0) return [];
    // Ids and not pairs: another source's record of the same id may come along and does no harm.
    const { rows } = await sql<RecordRow>(
      em,
      `select ${recordColumns} from trading_record
        where seller_key = $1 and source_key = any($2::smallint[]) and external_id = any($3::text[])`,
      [
        head.key,
        numbersText([...new Set(there.map(({ source }) => keyOf.get(source) as number))]),
        textsText([...new Set(there.map(({ externalId }) => externalId))]),
      ],
    );
    return rows.map((row) => recordFrom(row, head.sources));
  },

  storeRecords: async (head, { accepted, watermark }, { days, counterparties }) => {
    const sources = withSourcesOf(head.sources, accepted);
    const keyOf = keysOfSources(sources);
    const numbers = <T>(rows: readonly T[], of: (row: T) => number | bigint | boolean) =>
      numbersText(rows.map(of));
    const eventDays = accepted.map(({ day }) => day);
    await sql(em, storing, [
      head.key,
      numbers(accepted, ({ source }) => keyOf.get(source) as number),
      textsText(accepted.map(({ externalId }) => externalId)),
      numbers(accepted, ({ revision }) => revision),
      numbers(accepted, ({ ingestSequence }) => ingestSequence),
      numbersText(eventDays),
      numbers(accepted, ({ direction }) => direction === 'SALE'),
      numbers(accepted, ({ isVoid }) => isVoid),
      textsText(accepted.map(({ counterparty }) => counterparty)),
      numbers(accepted, ({ netFen }) => netFen),
      numbers(accepted, ({ taxFen }) => taxFen),
      numbers(days, ({ day }) => day),
      numbers(days, ({ month }) => month),
      numbers(days, ({ sale }) => sale.count),
      numbers(days, ({ sale }) => sale.voidCount),
      numbers(days, ({ sale }) => sale.negativeCount),
      numbers(days, ({ sale }) => sale.netFen),
      numbers(days, ({ sale }) => sale.taxFen),
      numbers(days, ({ purchase }) => purchase.count),
      numbers(days, ({ purchase }) => purchase.voidCount),
      numbers(days, ({ purchase }) => purchase.negativeCount),
      numbers(days, ({ purchase }) => purchase.netFen),
      numbers(days, ({ purchase }) => purchase.taxFen),
      numbers(counterparties, ({ direction }) => direction === 'SALE'),
      textsText(counterparties.map(({ counterparty }) => counterparty)),
      numbers(counterparties, ({ validCount }) => validCount),
      numbers(counterparties, ({ positiveFen }) => positiveFen),
      textsText(sources),
      watermark,
      eventDays.reduce((least, day) => Math.min(least, day), Infinity),
      eventDays.reduce((most, day) => Math.max(most, day), -Infinity),
    ]);
  },

  recordsAdded: (origin, seller, accepted, watermark) =>
    publish(em, origin, tradingRecordsAdded(tenant, seller, accepted, watermark)),

  watermarksOf: async (sellers) => {
    const { rows } = await sql<{ seller: string; watermark: string }>(
      em,
      'select seller, watermark from trading_head where seller = any($1::text[]) and watermark > 0',
      [textsText(sellers)],
    );
    return new Map(rows.map(({ seller, watermark }) => [seller, BigInt(watermark)]));
  },

  coverage: async (seller) => {
    const { rows } = await sql<{
      watermark: string;
      sales: string | null;
      purchases: string | null;
      first_date: string | null;
      last_date: string | null;
    }>(
      em,
      `select watermark, sales, purchases, (date '1970-01-01' + first)::text as first_date,
         (date '1970-01-01' + last)::text as last_date
         from trading_head as h, lateral (
           select sum(sale_count) as sales, sum(purchase_count) as purchases,
             min(day) filter (where sale_count + purchase_count > 0) as first,
             max(day) filter (where sale_count + purchase_count > 0) as last
             from trading_day as d where d.seller_key = h.seller_key) as d
        where seller = $1 and watermark > 0`,
      [seller],
    );
    const [row] = rows;
    return (
      row && {
        watermark: BigInt(row.watermark),
        saleCount: Number(row.sales ?? 0),
        purchaseCount: Number(row.purchases ?? 0),
        firstDate: (row.first_date ?? undefined) as never,
        lastDate: (row.last_date ?? undefined) as never,
      }
    );
  },
});

/** A source's key is its place in the seller's list, from 1. */
const keysOfSources = (sources: readonly string[]): ReadonlyMap<string, number> =>
  new Map(sources.map((source, at) => [source, at + 1]));

const withSourcesOf = (
  sources: readonly string[],
  records: readonly TradingRecord[],
): readonly string[] => [...new Set([...sources, ...records.map(({ source }) => source)])];

// Records, both roll-ups and the head in one round trip.
const storing = `
  with stored as (
    insert into trading_record (seller_key, ${recordColumns})
    select $1, * from unnest($2::smallint[], $3::text[], $4::integer[], $5::bigint[], $6::integer[],
      $7::boolean[], $8::boolean[], $9::text[], $10::bigint[], $11::bigint[])
  ), by_day as (
    insert into trading_day as d (seller_key, day, month,
      sale_count, sale_void_count, sale_negative_count, sale_net_fen, sale_tax_fen,
      purchase_count, purchase_void_count, purchase_negative_count, purchase_net_fen, purchase_tax_fen)
    select $1, * from unnest($12::integer[], $13::integer[],
      $14::integer[], $15::integer[], $16::integer[], $17::bigint[], $18::bigint[],
      $19::integer[], $20::integer[], $21::integer[], $22::bigint[], $23::bigint[])
    on conflict (tenant, seller_key, day) do update set
      sale_count = d.sale_count + excluded.sale_count,
      sale_void_count = d.sale_void_count + excluded.sale_void_count,
      sale_negative_count = d.sale_negative_count + excluded.sale_negative_count,
      sale_net_fen = d.sale_net_fen + excluded.sale_net_fen,
      sale_tax_fen = d.sale_tax_fen + excluded.sale_tax_fen,
      purchase_count = d.purchase_count + excluded.purchase_count,
      purchase_void_count = d.purchase_void_count + excluded.purchase_void_count,
      purchase_negative_count = d.purchase_negative_count + excluded.purchase_negative_count,
      purchase_net_fen = d.purchase_net_fen + excluded.purchase_net_fen,
      purchase_tax_fen = d.purchase_tax_fen + excluded.purchase_tax_fen
  ), by_counterparty as (
    insert into trading_counterparty as c (seller_key, is_sale, counterparty, valid_count, positive_fen)
    select $1, * from unnest($24::boolean[], $25::text[], $26::integer[], $27::bigint[])
    on conflict (tenant, seller_key, is_sale, counterparty) do update set
      valid_count = c.valid_count + excluded.valid_count,
      positive_fen = c.positive_fen + excluded.positive_fen
  )
  update trading_head set sources = $28, watermark = $29,
    first_day = least(first_day, $30), last_day = greatest(last_day, $31)
   where seller_key = $1`;
