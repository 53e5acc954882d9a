/** Records whose headers did not say which event they are: kept aside, to be looked at and dismissed. */
import { contentHash, resourceUid, type Tenant } from '@lianbao/kernel';
import { type Database, sql, transact } from '@lianbao/persistence';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { BusRecord } from './bus.ts';
import { recordChange } from './publish.ts';

export interface UnreadableRecord {
  readonly number: bigint;
  readonly group: string;
  readonly topic: string;
  readonly error: string;
  readonly since: Date;
  /** JSON, as they came. */
  readonly headers: string;
  readonly payload: Uint8Array;
}

interface Row {
  readonly number: string;
  readonly group: string;
  readonly topic: string;
  readonly error: string;
  readonly kept_at: string;
  readonly headers: Buffer;
  readonly payload: Buffer;
}

const listMax = 100;

/** Once, however often it comes. False when it is kept already. */
export async function keepUnreadable(
  em: EntityManager,
  kept: {
    readonly group: string;
    readonly record: BusRecord;
    readonly error: string;
    readonly now: Date;
  },
): Promise<boolean> {
  const { topic, ...record } = kept.record;
  const [key, value] = [Buffer.from(record.key), Buffer.from(record.value)];
  const headers = JSON.stringify(record.headers);
  const content = contentHash([topic, key.toString('hex'), headers, value.toString('hex')]);
  const { affected } = await sql(
    em,
    `insert into inbox_unreadable ("group", topic, key, headers, payload, error, kept_at, content_sha256)
     values ($1, $2, $3, $4, $5, $6, $7, decode($8, 'hex'))
     on conflict (tenant, "group", content_sha256) do nothing`,
    [kept.group, topic, key, Buffer.from(headers), value, kept.error, kept.now, content],
  );
  return affected === 1;
}

/** The oldest 100. They stand under the first tenant of the consumer that got them. */
export async function listUnreadable(
  database: Database,
  tenant: Tenant,
): Promise<readonly UnreadableRecord[]> {
  const { rows } = await transact(database, tenant, (em) =>
    sql<Row>(
      em,
      `select number, "group", topic, error, kept_at, headers, payload
         from inbox_unreadable order by number limit ${listMax}`,
    ),
  );
  return rows.map(({ number, kept_at, headers, ...row }) => ({
    ...row,
    number: BigInt(number),
    since: new Date(kept_at),
    headers: headers.toString(),
  }));
}

/** Removes one and audits it. False when there is none of that number. */
export function dismissUnreadable(
  database: Database,
  tenant: Tenant,
  {
    number,
    reason,
    actor,
  }: { readonly number: bigint; readonly reason: string; readonly actor: string },
  now: Date,
): Promise<boolean> {
  const subject = `unreadable/${number}`;
  return transact(database, tenant, async (em) => {
    const { affected } = await sql(em, 'delete from inbox_unreadable where number = $1', [number]);
    if (affected === 0) return false;
    await recordChange(
      em,
      {
        time: now,
        actor,
        cause: 'DismissUnreadable',
        causationId: subject,
        correlationId: subject,
      },
      { key: resourceUid(tenant, subject), subject, content: { number: `${number}`, reason } },
    );
    return true;
  });
}
