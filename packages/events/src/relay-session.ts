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
  /** The oldest 500 unpublished events of the shards; of one aggregate always the first, in sequence. */
  read(tenant: Tenant, shards: readonly number[]): Promise<readonly Pending[]>;
  markPublished(tenant: Tenant, numbers: readonly string[]): Promise<void>;
  /** How many wait, in all shards, whoever holds them. */
  countPending(tenant: Tenant): Promise<number>;
  close(): Promise<void>;
}

export const shardCount = 16;

const lockClass = 0x4c42_5245; // Of pg_locks: tells relay locks from other advisory locks.
const batchMax = 500;
const queryTimeoutMs = 30_000;

interface Row {
  readonly number: string;
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
  // An index scan passes by rows that are gone; a bitmap looks at each of them again.
  await client.query('set enable_bitmapscan = off');
  const plans = planAge();
  const held = new Set<number>();
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
      return held;
    },
    read: async (tenant, shards) => {
      if (plans.isOver()) await client.query(dropPlans);
      const rows = await queryOf<Row>(tenant, 'read', reading, [shards]);
      return rows.map((row) => pendingOf(tenant, row));
    },
    markPublished: async (tenant, numbers) => {
      await queryOf(tenant, 'mark', 'delete from outbox_pending where number = any($1::bigint[])', [
        numbers,
      ]);
    },
    countPending: async (tenant) => {
      const text = 'select count(*)::integer as count from outbox_pending where shard >= $1';
      const [row] = await queryOf<{ count: number }>(tenant, 'count', text, [0]);
      return row?.count ?? 0;
    },
    close: () => client.end(),
  };
}

// The first few numbers, by the index, and only then their rows. The limit is written out: without it
// the planner would count on a tenth of the table.
const reading = `
  with first as materialized (
    select number, shard from outbox_pending
     where shard = any($1::smallint[]) order by number limit ${batchMax}
  )
  select number, shard, topic, key, epoch, sequence, type, subject, time, causation_id, correlation_id,
      traceparent, audience, payload
    from first join outbox using (number) order by number`;

function pendingOf(tenant: Tenant, row: Row): Pending {
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
