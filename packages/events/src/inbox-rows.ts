/** The statements of the inbox: a fixed number a batch, however many events it has. */
import { sql, sqlUnawaited } from '@lianbao/persistence';
import type { EntityManager } from '@mikro-orm/postgresql';
import { type Delivery, readDelivery, recordOf } from './delivery.ts';
import type { Move, Position, Waiting } from './plan.ts';

export interface Key {
  readonly topic: string;
  readonly key: string;
}

interface PositionRow {
  readonly topic: string;
  readonly key: string;
  readonly epoch: string;
  readonly sequence: string;
  readonly waiting: Waiting | null;
}

/**
 * Locks the positions that exist, in one order for all who do; a key never seen has none. One look into
 * the index for each key, whatever the planner believes of the table.
 */
export async function lockPositions(
  em: EntityManager,
  group: string,
  keys: readonly Key[],
): Promise<readonly Position[]> {
  const inOrder = keys.toSorted((a, b) => compare(a.topic, b.topic) || compare(a.key, b.key));
  const { rows } = await sql<PositionRow>(
    em,
    `select position.* from unnest($2::text[], $3::uuid[]) as wanted (topic, key)
      cross join lateral (
        select topic, key, epoch, sequence, waiting from inbox_position as p
         where p."group" = $1 and p.topic = wanted.topic and p.key = wanted.key for update
      ) as position`,
    [group, inOrder.map(({ topic }) => topic), inOrder.map(({ key }) => key)],
  );
  return rows.map(({ topic, key, epoch, sequence, waiting }) => ({
    topic,
    key,
    epoch: BigInt(epoch),
    sequence: BigInt(sequence),
    waiting: waiting ?? undefined,
  }));
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * Writes ids and positions. A position that is new but was meanwhile written by another consumer
 * fails on its primary key, and an event taken twice on its id: the batch is then planned again.
 */
export async function writePositions(
  em: EntityManager,
  group: string,
  taken: readonly Delivery[],
  moves: readonly Move[],
  now: Date,
): Promise<void> {
  const positions = moves.map(({ position }) => position);
  sqlUnawaited(
    em,
    `with taken as (
       insert into inbox ("group", event_id, taken_at) select $1, unnest($2::uuid[]), $3
     ), move as (
       select * from unnest($4::boolean[], $5::text[], $6::uuid[], $7::bigint[], $8::bigint[], $9::text[])
         as move (is_new, topic, key, epoch, sequence, waiting)
     ), moved as (
       -- Those that exist are locked; the conflict finds each by the index.
       insert into inbox_position as p ("group", topic, key, epoch, sequence, waiting, waiting_since)
       select $1, topic, key, epoch, sequence, waiting, case when waiting is not null then $3 end
         from move where not is_new
       on conflict (tenant, "group", topic, key) do update
          set epoch = excluded.epoch, sequence = excluded.sequence, waiting = excluded.waiting,
              waiting_since = case
                when excluded.waiting is null then null
                when (p.epoch, p.sequence) = (excluded.epoch, excluded.sequence)
                  then coalesce(p.waiting_since, excluded.waiting_since)
                else excluded.waiting_since end,
              error = case when excluded.waiting = 'PARKED' then p.error end
     )
     insert into inbox_position ("group", topic, key, epoch, sequence, waiting, waiting_since)
     select $1, topic, key, epoch, sequence, waiting, case when waiting is not null then $3 end
       from move where is_new order by topic, key`,
    [
      group,
      taken.map(({ id }) => id),
      now,
      moves.map(({ isNew }) => isNew),
      positions.map(({ topic }) => topic),
      positions.map(({ key }) => key),
      positions.map(({ epoch }) => epoch),
      positions.map(({ sequence }) => sequence),
      positions.map(({ waiting }) => waiting ?? null),
    ],
  );
}

/** Lets a key wait before `delivery`, which is kept. */
export async function holdKey(
  em: EntityManager,
  group: string,
  { topic, key }: Key,
  why: { readonly waiting: Waiting; readonly error: string },
  now: Date,
): Promise<void> {
  await sql(
    em,
    `insert into inbox_position as p
       ("group", topic, key, epoch, sequence, waiting, waiting_since, error)
     values ($1, $2, $3, 0, 0, $4, $5, $6)
     on conflict (tenant, "group", topic, key) do update
       set waiting = excluded.waiting, error = excluded.error,
           waiting_since = coalesce(p.waiting_since, excluded.waiting_since)`,
    [group, topic, key, why.waiting, now, why.error],
  );
}

/** Nothing waits any longer: opens the key. */
export async function openKey(em: EntityManager, group: string, { topic, key }: Key) {
  await sql(
    em,
    `update inbox_position set waiting = null, waiting_since = null, error = null
      where "group" = $1 and topic = $2 and key = $3`,
    [group, topic, key],
  );
}

export async function keepDeliveries(
  em: EntityManager,
  group: string,
  deliveries: readonly Delivery[],
  now: Date,
): Promise<void> {
  await sql(
    em,
    `insert into inbox_kept
       ("group", topic, key, epoch, sequence, event_id, headers, payload, kept_at)
     select $1, topic, key, epoch, sequence, event_id, headers, payload, $9
       from unnest($2::text[], $3::uuid[], $4::bigint[], $5::bigint[], $6::uuid[], $7::jsonb[], $8::bytea[])
         as kept (topic, key, epoch, sequence, event_id, headers, payload)
     on conflict do nothing`,
    [
      group,
      deliveries.map(({ topic }) => topic),
      deliveries.map(({ key }) => key),
      deliveries.map(({ epoch }) => epoch),
      deliveries.map(({ sequence }) => sequence),
      deliveries.map(({ id }) => id),
      deliveries.map((delivery) => JSON.stringify(recordOf(delivery).headers)),
      deliveries.map(({ payload }) => Buffer.from(payload)),
      now,
    ],
  );
}

interface KeptRow {
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: Buffer;
}

/** The first in order of those kept of a key. */
export async function firstKept(
  em: EntityManager,
  group: string,
  { topic, key }: Key,
): Promise<Delivery | undefined> {
  const { rows } = await sql<KeptRow>(
    em,
    `select headers, payload from inbox_kept
      where "group" = $1 and topic = $2 and key = $3 order by epoch, sequence limit 1`,
    [group, topic, key],
  );
  const [row] = rows;
  return row && readDelivery({ topic, key, headers: row.headers, value: row.payload });
}

export async function dropKept(em: EntityManager, group: string, delivery: Delivery) {
  const { topic, key, epoch, sequence } = delivery;
  await sql(
    em,
    `delete from inbox_kept
      where "group" = $1 and topic = $2 and key = $3 and epoch = $4 and sequence = $5`,
    [group, topic, key, epoch, sequence],
  );
}
