/** The event feed: what each partner may see, under cursors of its own. */
import type { Delivery } from '@lianbao/events';
import type { Tenant } from '@lianbao/kernel';
import { type Database, forgetRows, sql, sqlUnawaited } from '@lianbao/persistence';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Feed } from '../application/ports.ts';

const keptDays = 90; // A partner that has read nothing for a quarter reads the state anew, from the lists.
const dayMs = 86_400_000;
const pageBytesMax = 2_000_000; // Clients take messages of 4 MiB.

interface Row {
  readonly cursor: string;
  readonly event_id: string;
  readonly subject: string;
  readonly sequence: string;
  readonly time: string;
  readonly type: string;
  readonly payload: Buffer;
}

export const feedOn = (em: EntityManager): Feed => ({
  feedAfter: async (partner, cursor, size) => {
    const { rows } = await sql<Row>(
      em,
      `select cursor, event_id, subject, sequence, time, type, payload
         from (select *, sum(length(payload)) over (order by cursor) - length(payload) as before
                 from (select * from feed_event where partner = $1 and cursor > $2
                        order by cursor limit $3) as page) as measured
        where before < $4 order by cursor`,
      [partner, cursor, size, pageBytesMax],
    );
    return rows.map((row) => ({
      cursor: BigInt(row.cursor),
      eventId: row.event_id,
      subject: row.subject,
      sequence: BigInt(row.sequence),
      time: new Date(row.time),
      type: row.type,
      payload: row.payload,
    }));
  },

  lastCursor: async (partner) => {
    const { rows } = await sql<{ last_cursor: string }>(
      em,
      'select last_cursor from feed_head where partner = $1',
      [partner],
    );
    return BigInt(rows[0]?.last_cursor ?? 0);
  },
});

/**
 * Gives a batch of events to their audiences, in one statement. The heads of its partners stay locked
 * until the end of the transaction, so cursors become visible in their order.
 */
export async function feed(em: EntityManager, deliveries: readonly Delivery[]): Promise<void> {
  const seen = deliveries.filter(({ audience }) => audience.length > 0);
  if (seen.length === 0) return;
  sqlUnawaited(em, feeding, [
    seen.map(({ audience }) => [...new Set(audience)].join(',')),
    seen.map(({ id }) => id),
    seen.map(({ subject }) => subject),
    seen.map(({ sequence }) => sequence),
    seen.map(({ time }) => time),
    seen.map(({ type }) => type),
    seen.map(({ payload }) => Buffer.from(payload)),
  ]);
}

// Heads are locked in the order of partners.
const feeding = `
  with event as (
    select partner, event_id, subject, sequence, time, type, payload, place
      from unnest($1::text[], $2::uuid[], $3::text[], $4::bigint[], $5::timestamptz[], $6::text[], $7::bytea[])
        with ordinality as given (audience, event_id, subject, sequence, time, type, payload, place),
        lateral unnest(string_to_array(audience, ',')) as partner
  ), head as (
    insert into feed_head (partner, last_cursor)
    select partner, count(*) from event group by partner order by partner
    on conflict (tenant, partner)
      do update set last_cursor = feed_head.last_cursor + excluded.last_cursor
    returning partner, last_cursor
  )
  insert into feed_event (partner, cursor, event_id, subject, sequence, time, type, payload)
  select partner, last_cursor + 1 - row_number() over (partition by partner order by place desc),
    event_id, subject, sequence, time, type, payload
    from event join head using (partner)`;

/** Cursors stay as they are: a partner that reads on later goes on with what is left. */
export const forgetFeed = (database: Database, tenant: Tenant, now: Date): Promise<number> =>
  forgetRows(
    database,
    tenant,
    { table: 'feed_event', column: 'time' },
    new Date(now.getTime() - keptDays * dayMs),
  );
