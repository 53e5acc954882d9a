/** What operators do about events that could not be handled: look, replay, or skip with a reason. */
import type { Tenant, Uid } from '@lianbao/kernel';
import { type Database, sql, transact } from '@lianbao/persistence';
import { inboxesOf } from './consumers.ts';
import type { InboxOptions, Resumed } from './inbox.ts';
import { dropKept, firstKept, type Key, lockPositions, writePositions } from './inbox-rows.ts';
import type { Position } from './plan.ts';
import { recordChange } from './publish.ts';
import type { Subscription } from './subscription.ts';

/** An aggregate that stands still, with the event that stops it. */
export interface Parked {
  readonly group: string;
  readonly topic: string;
  readonly key: string;
  readonly eventId: string;
  readonly type: string;
  readonly subject: string;
  readonly epoch: bigint;
  readonly sequence: bigint;
  readonly error: string;
  readonly since: Date;
  /** How many events wait, this one included. */
  readonly kept: number;
}

export interface ParkedKey {
  readonly group: string;
  readonly topic: string;
  readonly key: string;
}

interface ParkedRow extends ParkedKey {
  readonly event_id: string;
  readonly type: string;
  readonly subject: string;
  readonly epoch: string;
  readonly sequence: string;
  readonly error: string;
  readonly since: string;
  readonly kept: number;
}

const listMax = 1_000;

/** The longest parked first, 1,000 at most. Events of a tenant not known here stand under its own name. */
export async function listParked(database: Database, tenant: Tenant): Promise<readonly Parked[]> {
  const { rows } = await transact(database, tenant, (em) =>
    sql<ParkedRow>(
      em,
      `select p."group", p.topic, p.key, p.error, p.waiting_since as since, first.*,
         (select count(*)::integer from inbox_kept as k
           where (k."group", k.topic, k.key) = (p."group", p.topic, p.key)) as kept
         from inbox_position as p cross join lateral (
           select event_id, headers ->> 'ce_type' as type, headers ->> 'ce_subject' as subject,
                  k.epoch, k.sequence from inbox_kept as k
            where (k."group", k.topic, k.key) = (p."group", p.topic, p.key)
            order by k.epoch, k.sequence limit 1) as first
        where p.waiting = 'PARKED' order by p.waiting_since limit ${listMax}`,
    ),
  );
  return rows.map(({ event_id, epoch, sequence, since, ...row }) => ({
    ...row,
    eventId: event_id,
    epoch: BigInt(epoch),
    sequence: BigInt(sequence),
    since: new Date(since),
  }));
}

/** Tries the parked event and all behind it again. Returns where the key stands then. */
export function replayParked(
  database: Database,
  tenant: Tenant,
  subscriptions: readonly Subscription[],
  { group, topic, key }: ParkedKey,
  surroundings: Pick<InboxOptions, 'clock' | 'log' | 'meter'>,
): Promise<Resumed> {
  const options = { ...surroundings, database, tenants: [tenant] };
  const inbox = inboxesOf(options, subscriptions).get(group);
  if (inbox === undefined) throw new RangeError(`there is no group ${group} here`);
  return inbox.resume(tenant, { topic, key }, true);
}

export interface Skip extends ParkedKey {
  readonly reason: string;
  readonly actor: string;
}

/**
 * Passes a parked event by and audits it; what is kept behind it goes on within a second. Returns the
 * event's id, or undefined when the key is not parked.
 */
export function skipParked(
  database: Database,
  tenant: Tenant,
  { group, topic, key, reason, actor }: Skip,
  now: Date,
): Promise<Uid | undefined> {
  const place: Key = { topic, key };
  return transact(database, tenant, async (em) => {
    const [at] = await lockPositions(em, group, [place]);
    const parked = await firstKept(em, group, place);
    if (at?.waiting !== 'PARKED' || parked === undefined) return undefined;
    const { id, subject, correlationId, epoch, sequence } = parked;
    const position: Position = { ...place, epoch, sequence, waiting: 'GAP' };
    await dropKept(em, group, parked);
    await writePositions(em, group, [parked], [{ position, isNew: false }], now);
    await recordChange(
      em,
      { time: now, actor, cause: 'SkipParked', causationId: id, correlationId },
      {
        key: parked.key,
        subject,
        content: { group, topic, key, id, epoch: `${epoch}`, sequence: `${sequence}`, reason },
      },
    );
    return id;
  });
}
