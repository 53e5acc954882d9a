/** Joins a service's subscriptions with the bus, and tries what had to wait again each second. */
import type { Tenant } from '@lianbao/kernel';
import { sql, transact } from '@lianbao/persistence';
import type { Bus } from './bus.ts';
import { type Inbox, type InboxOptions, inbox } from './inbox.ts';
import type { Waiting } from './plan.ts';
import type { Subscription } from './subscription.ts';

export interface ConsumersOptions extends InboxOptions {
  readonly bus: Bus;
  readonly subscriptions: readonly Subscription[];
  readonly retryMs?: number;
}

export interface Consumers {
  start(): void;
  stop(): Promise<void>;
}

/** Registers with the bus at once: to be called before the bus starts. */
export function consumers(options: ConsumersOptions): Consumers {
  const { bus, subscriptions, tenants, log, retryMs = 1_000 } = options;
  const inboxes = inboxesOf(options, subscriptions);
  for (const [group, { take }] of inboxes) {
    const ofGroup = subscriptions.filter((one) => one.group === group);
    const gatherMs = Math.min(...ofGroup.map((one) => one.gatherMs ?? 0));
    const topics = ofGroup.map(({ topic }) => topic);
    bus.subscribe(group, topics, take, { gatherMs });
  }
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let stopped = false;

  const retryAll = async (): Promise<void> => {
    for (const tenant of tenants) {
      try {
        await retryWaiting(options, inboxes, tenant);
      } catch (error) {
        log.warn({ tenant, error }, 'events that wait were not tried again');
      }
    }
    schedule();
  };
  const schedule = (): void => {
    if (stopped) return;
    timer = setTimeout(() => {
      running = retryAll();
    }, retryMs);
  };

  return {
    start: schedule,
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}

/** One inbox a group; refuses two subscriptions of a group to one topic. */
export function inboxesOf(
  options: InboxOptions,
  subscriptions: readonly Subscription[],
): ReadonlyMap<string, Inbox> {
  const groups = Map.groupBy(subscriptions, ({ group }) => group);
  return new Map(
    [...groups].map(([group, ofGroup]) => {
      const topics = new Set(ofGroup.map(({ topic }) => topic));
      if (topics.size < ofGroup.length) throw new Error(`${group} hears a topic twice`);
      return [group, inbox(options, group, ofGroup)];
    }),
  );
}

interface WaitingRow {
  readonly group: string;
  readonly topic: string;
  readonly key: string;
  readonly waiting: Waiting;
  readonly since: string;
  readonly ready: boolean;
}

const rowsMax = 1_000;

/** Measures what waits, and tries what may go on: a gap that is filled, or what could not be handled yet. */
async function retryWaiting(
  { database, clock, meter }: InboxOptions,
  inboxes: ReadonlyMap<string, Inbox>,
  tenant: Tenant,
): Promise<void> {
  const groups = [...inboxes.keys()];
  const { rows } = await transact(database, tenant, (em) =>
    sql<WaitingRow>(
      em,
      `select p."group", topic, key, waiting, waiting_since as since,
         waiting <> 'PARKED' and (kept.first is null or kept.first) as ready
         from inbox_position as p, lateral (
           select bool_or(epoch < p.epoch or sequence <= p.sequence + 1) as first from inbox_kept as k
            where (k."group", k.topic, k.key) = (p."group", p.topic, p.key)) as kept
        where waiting is not null and "group" = any($1)
        order by ready desc, waiting_since limit ${rowsMax}`,
      [groups],
    ),
  );
  const now = clock().getTime();
  for (const group of groups) {
    for (const waiting of ['GAP', 'NOT_YET', 'PARKED'] as const) {
      const alike = rows.filter((row) => row.group === group && row.waiting === waiting);
      const oldest = alike[0] === undefined ? now : new Date(alike[0].since).getTime();
      meter.gauge('inbox_waiting_keys', alike.length, { tenant, group, waiting });
      meter.gauge('inbox_waiting_age_seconds', (now - oldest) / 1_000, { tenant, group, waiting });
    }
  }
  for (const { group, topic, key, ready } of rows) {
    if (ready) await inboxes.get(group)?.resume(tenant, { topic, key });
  }
}
