/**
 * The one session a relay has of its own. It holds the shards' advisory locks and does all reading and
 * marking, so that a relay which lost its locks can mark nothing more.
 */
import type { Tenant, Uid } from '@lianbao/kernel';
import { dropPlans, planAge } from '@lianbao/persistence';
import pg from 'pg';
import { type Delivery, deliveryOf } from './delivery.ts';

export interface Pending {
  readonly number: string;
  readonly shard: number;
  readonly delivery: Delivery;
}

export interface RelaySession {
  /** The shards now held. */
  takeShards(): Promise<ReadonlySet<number>>;
  /**
   * Marks what was published since the last read, and gives the oldest 500 unpublished events of the
   * shards; of one aggregate always the first, in sequence.
   */
  read(tenant: Tenant, shards: readonly number[]): Promise<readonly Pending[]>;
  /** All that the last read gave is published: what came before it is not looked at again. */
  settled(tenant: Tenant): void;
  /** With the next read: a mark of its own would cost a round trip each time. */
  markPublished(tenant: Tenant, numbers: readonly string[]): void;
  /** How many wait, in all shards, whoever holds them. */
  countPending(tenant: Tenant): Promise<number>;
  close(): Promise<void>;
}

export const shardCount = 16;

const lockClass = 0x4c42_5245; // Of pg_locks: tells relay locks from other advisory locks.
const batchMax = 500;
const queryTimeoutMs = 30_000;

/** Where the next read begins, and where the one after it may once all of it is published. */
interface Horizon {
  readonly from: string;
  readonly next: string | undefined;
}

const beginning: Horizon = { from: '0', next: undefined };

interface Row {
  /** Of the snapshot: all transactions before it have ended. On every row, and alone on an empty read. */
  readonly ended_before: string;
  readonly number: string | null;
  readonly shard: number;
  readonly topic: string;
  readonly key: Uid;
  readonly epoch: string;
  readonly sequence: string;
  readonly type: string;
  readonly subject: string;
  readonly time: Date;
  readonly causation_id: string;
  readonly correlation_id: string;
  readonly traceparent: string;
  readonly audience: string;
  readonly payload: Buffer;
}

export async function openRelaySession(
  url: string,
  applicationName: string,
  lost: (error: Error) => void,
): Promise<RelaySession> {
  const client = new pg.Client({
    connectionString: url,
    application_name: applicationName,
    keepAlive: true,
    query_timeout: queryTimeoutMs,
    connectionTimeoutMillis: 10_000,
  });
  client.on('error', lost); // Without it, a server that stops would end this process.
  await client.connect();
  // A mark lost in a crash of the server costs a duplicate, so no mark waits for the disk.
  await client.query('set synchronous_commit = off');
  // Always by the index: statistics say little of a table whose rows come and go.
  await client.query('set enable_bitmapscan = off; set enable_seqscan = off');
  await client.query('set enable_hashjoin = off; set enable_mergejoin = off');
  const plans = planAge();
  const held = new Set<number>();
  const horizons = new Map<Tenant, Horizon>();
  const published = new Map<Tenant, readonly string[]>();
  let tenantNow: Tenant | undefined;

  const query = async <R extends pg.QueryResultRow>(
    name: string,
    text: string,
    values: readonly unknown[],
  ): Promise<R[]> => (await client.query<R>({ name, text, values: [...values] })).rows;

  const queryOf = async <R extends pg.QueryResultRow>(
    tenant: Tenant,
    name: string,
    text: string,
    values: readonly unknown[],
  ): Promise<R[]> => {
    if (tenant !== tenantNow) {
      await query('tenant', `select set_config('app.tenant', $1, false)`, [tenant]);
      tenantNow = tenant;
    }
    return query(name, text, values);
  };

  return {
    takeShards: async () => {
      const free = Array.from({ length: shardCount }, (_, shard) => shard).filter(
        (shard) => !held.has(shard),
      );
      if (free.length === 0) return held;
      const rows = await query<{ shard: number; got: boolean }>(
        'lock',
        'select shard, pg_try_advisory_lock($1::integer, shard) as got from unnest($2::integer[]) as shard',
        [lockClass, free],
      );
      for (const { shard, got } of rows) if (got) held.add(shard);
      if (rows.some(({ got }) => got)) horizons.clear();
      return held;
    },
    read: async (tenant, shards) => {
      if (plans.isOver()) await client.query(dropPlans);
      const { from } = horizons.get(tenant) ?? beginning;
      const marked = published.get(tenant) ?? [];
      const values = [shards, from, marked];
      const rows = await (from === beginning.from
        ? queryOf<Row>(tenant, 'read anew', readingAnew, values)
        : queryOf<Row>(tenant, 'read on', readingOn, values));
      published.delete(tenant);
      const pending = rows.filter(isPending).map((row) => pendingOf(tenant, row));
      if (pending.length === batchMax) horizons.delete(tenant);
      else if (shards.length < held.size) horizons.set(tenant, { from, next: undefined });
      else horizons.set(tenant, { from, next: rows[0]?.ended_before });
      return pending;
    },
    settled: (tenant) => {
      const { from, next = from } = horizons.get(tenant) ?? beginning;
      horizons.set(tenant, { from: next, next });
    },
    markPublished: (tenant, numbers) => {
      published.set(tenant, [...(published.get(tenant) ?? []), ...numbers]);
    },
    countPending: async (tenant) => {
      const text = 'select count(*)::integer as count from outbox_pending where shard >= $1';
      const [row] = await queryOf<{ count: number }>(tenant, 'count', text, [0]);
      return row?.count ?? 0;
    },
    close: () => client.end(),
  };
}

// A lower number may commit later than a higher one, so none is read past; but a transaction that has
// ended brings nothing more. What the same statement marks it still sees.
const readingFrom = (waiting: string) => `
  with marked as (
    delete from outbox_pending where number = any($3::bigint[])
  ), waiting as materialized (
    select number, shard from outbox_pending
     where xid >= $2::xid8 and shard = any($1::smallint[]) and number <> all($3::bigint[])
     ${waiting}
  ), first as materialized (
    select number, shard from waiting order by number limit ${batchMax}
  ), pending as (
    select number, shard, topic, key, epoch, sequence, type, subject, time, causation_id,
        correlation_id, traceparent, audience, payload
      from first join outbox using (number)
  )
  select pg_snapshot_xmin(pg_current_snapshot())::text as ended_before, pending.*
    from (values (1)) as always left join pending on true order by number`;

/** From the horizon on: few rows, found by their transactions, past all that are gone. */
const readingOn = readingFrom('');
/** From the beginning: perhaps very many, so no more than a batch is looked at. */
const readingAnew = readingFrom(`order by number limit ${batchMax}`);

type PendingRow = Row & { readonly number: string };

const isPending = (row: Row): row is PendingRow => row.number !== null;

function pendingOf(tenant: Tenant, row: PendingRow): Pending {
  const { topic, key, type, subject, time, audience, traceparent } = row;
  return {
    number: row.number,
    shard: row.shard,
    delivery: deliveryOf({
      tenant,
      topic,
      key,
      epoch: BigInt(row.epoch),
      sequence: BigInt(row.sequence),
      type,
      subject,
      time,
      correlationId: row.correlation_id,
      causationId: row.causation_id,
      audience: audience === '' ? [] : audience.split(','),
      traceparent: traceparent === '' ? undefined : traceparent,
      payload: row.payload,
    }),
  };
}
