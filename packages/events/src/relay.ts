/**
 * Brings the outbox to the bus: per aggregate in sequence, at least once. A row is marked only after
 * the bus has acknowledged it, and is found by being unmarked, never by a number or time read past.
 */
import type { Clock, Log, Meter, Tenant } from '@lianbao/kernel';
import type { Database } from '@lianbao/persistence';
import type { Bus } from './bus.ts';
import { recordOf } from './delivery.ts';
import { openRelaySession, type Pending, type RelaySession, shardCount } from './relay-session.ts';
import { shardPauses } from './shard-pauses.ts';
import { sleeper } from './sleep.ts';
import { wakeOnPublish } from './wake.ts';

export interface RelayOptions {
  readonly database: Database;
  /** For the relay's own session. */
  readonly url: string;
  readonly tenants: readonly Tenant[];
  readonly bus: Bus;
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
  /** Between two looks at an outbox that was empty; shorter soon after it was not. */
  readonly pollIdleMs?: number;
  /** The longest rest of a shard whose batches fail. */
  readonly pauseMaxMs?: number;
}

export interface Relay {
  start(): Promise<void>;
  /** Looks at once: something was committed. */
  wake(): void;
  /** Sends what is left, then ends the session. */
  stop(): Promise<void>;
  /** Resolves when no event of the tenants is unpublished; rejects when the relay stops before. */
  drained(): Promise<void>;
}

const batchBytesMax = 700_000; // Of one partition at worst: Kafka refuses a batch over 1 MiB.
const pollBusyMs = 50;
const lockEveryMs = 1_000;
const lastRoundsMax = 100;

export function relay(options: RelayOptions): Relay {
  const { database, url, tenants, bus, clock, log, meter } = options;
  const { pollIdleMs = 1_000, pauseMaxMs = 5_000 } = options;
  const pauses = shardPauses(pauseMaxMs);
  const rest = sleeper();
  const waiters: PromiseWithResolvers<void>[] = [];
  let stopping = false;
  let running: Promise<void> | undefined;
  let stopWaking: (() => void) | undefined;

  let session: RelaySession | undefined;
  let held: ReadonlySet<number> = new Set();
  let lockedAt = Number.NEGATIVE_INFINITY;

  const loseSession = (lost: RelaySession | undefined) => {
    if (session === lost) session = undefined;
    held = new Set();
    lockedAt = Number.NEGATIVE_INFINITY;
  };

  const openSession = async (): Promise<RelaySession> => {
    if (session !== undefined) return session;
    let opened: RelaySession | undefined; // The callback may come before there is one.
    opened = await openRelaySession(url, `${database.name} relay`, (error) => {
      log.warn({ error }, 'relay session lost');
      loseSession(opened);
    });
    session = opened;
    return opened;
  };

  /** Sends the rows in one go and marks them when acknowledged. Returns how many were. */
  const send = async (
    from: RelaySession,
    tenant: Tenant,
    rows: readonly Pending[],
  ): Promise<number> => {
    const shards = [...new Set(rows.map(({ shard }) => shard))];
    try {
      await bus.send(rows.map(({ delivery }) => recordOf(delivery)));
    } catch (error) {
      for (const shard of shards) {
        if (shards.length === 1) pauses.failed(shard);
        else pauses.suspect(shard);
      }
      meter.count('outbox_send_failures_total');
      log.warn({ tenant, shards, error }, 'events were not acknowledged');
      return 0;
    }
    for (const shard of shards) pauses.succeeded(shard);
    const numbers = rows.map(({ number }) => number);
    from.markPublished(tenant, numbers);
    meter.count('outbox_published_total', {}, rows.length);
    return rows.length;
  };

  /** One read, one send, one mark. Shards that failed before are sent each by itself, beside the others. */
  const round = async (from: RelaySession, tenant: Tenant): Promise<number> => {
    const shards = [...held].filter((shard) => !pauses.isResting(shard));
    if (shards.length === 0) return 0;
    const read = await from.read(tenant, shards);
    const rows = withinBytes(read);
    const now = clock().getTime();
    const oldest = rows[0]?.delivery.time.getTime() ?? now;
    meter.gauge('outbox_age_seconds', (now - oldest) / 1_000, { tenant });
    const apart = Map.groupBy(rows, ({ shard }) => pauses.isSuspect(shard) && shard);
    const sent = await Promise.all([...apart.values()].map((some) => send(from, tenant, some)));
    const published = sent.reduce((sum, count) => sum + count, 0);
    if (published === read.length) from.settled(tenant);
    return published;
  };

  const look = async (): Promise<number> => {
    const from = await openSession();
    if (held.size < shardCount && performance.now() - lockedAt >= lockEveryMs) {
      lockedAt = performance.now();
      held = await from.takeShards();
      meter.gauge('outbox_shards_held', held.size);
    }
    let sent = 0;
    for (const tenant of tenants) sent += await round(from, tenant);
    if (sent === 0 && waiters.length > 0) {
      let pending = 0;
      for (const tenant of tenants) pending += await from.countPending(tenant);
      if (pending === 0) for (const { resolve } of waiters.splice(0)) resolve();
    }
    return sent;
  };

  /** As `look`; after an error the session is given up and opened again the next time. */
  const lookSafely = async (): Promise<number | undefined> => {
    try {
      return await look();
    } catch (error) {
      log.warn({ error }, 'the outbox could not be read');
      const broken = session;
      loseSession(broken);
      broken?.close().catch(() => undefined);
      return undefined;
    }
  };

  const run = async (): Promise<void> => {
    let pauseMs = pollBusyMs;
    while (!stopping) {
      const sent = await lookSafely();
      if (sent !== undefined && sent > 0) {
        pauseMs = pollBusyMs;
        continue;
      }
      const woken = await rest.sleep(Math.min(pauseMs, pauses.nextEndMs() ?? pauseMs));
      pauseMs = woken && sent !== undefined ? pollBusyMs : Math.min(pauseMs * 2, pollIdleMs);
    }
    for (let left = lastRoundsMax; left > 0; left -= 1) {
      if (((await lookSafely()) ?? 0) === 0) break;
    }
    await session?.close().catch(() => undefined);
    session = undefined;
    for (const { reject } of waiters.splice(0)) reject(new Error('the relay has stopped'));
  };

  return {
    start: async () => {
      if (running !== undefined) return;
      stopWaking = wakeOnPublish(database.orm.em, rest.wake);
      await lookSafely();
      running = run();
    },
    wake: rest.wake,
    stop: async () => {
      stopping = true;
      stopWaking?.();
      rest.wake();
      await running;
    },
    drained: () => {
      if (running === undefined || stopping) {
        return Promise.reject(new Error('the relay does not run'));
      }
      const waiter = Promise.withResolvers<void>();
      waiters.push(waiter);
      rest.wake();
      return waiter.promise;
    },
  };
}

function withinBytes(rows: readonly Pending[]): readonly Pending[] {
  let bytes = 0;
  const end = rows.findIndex(({ delivery }, index) => {
    bytes += delivery.payload.length + 1_000; // Headers.
    return index > 0 && bytes > batchBytesMax;
  });
  return end === -1 ? rows : rows.slice(0, end);
}
