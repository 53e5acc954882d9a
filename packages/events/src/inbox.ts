/**
 * Takes events in: the effect, the event's id and the position of its key commit together, so the
 * effect is once however often the event comes. Knows nothing of a broker.
 */
import type { Clock, Log, Meter, Tenant } from '@lianbao/kernel';
import { type Database, transact } from '@lianbao/persistence';
import type { BusRecord, Take } from './bus.ts';
import { type Delivery, readDelivery, Unreadable } from './delivery.ts';
import { effectOf } from './effect.ts';
import {
  dropKept,
  firstKept,
  holdKey,
  type Key,
  keepDeliveries,
  lockPositions,
  openKey,
  writePositions,
} from './inbox-rows.ts';
import { orderOf, start } from './order.ts';
import { type Plan, placeOf, planOf, type Waiting } from './plan.ts';
import { NotYet, type Subscription } from './subscription.ts';
import { isTransient } from './transient.ts';
import { keepUnreadable } from './unreadable.ts';

export interface InboxOptions {
  readonly database: Database;
  readonly tenants: readonly Tenant[];
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
}

/** Where a key stands after its kept events were tried. */
export type Resumed = 'OPEN' | Waiting;

export interface Inbox {
  readonly take: Take;
  /** Goes on with what is kept of a key; with `replay` also past what is parked. */
  resume(tenant: Tenant, key: Key, replay?: boolean): Promise<Resumed>;
}

const attemptsMax = 3;
const errorLengthMax = 500;

/** The inbox of one consumer group. */
export function inbox(
  options: InboxOptions,
  group: string,
  subscriptions: readonly Subscription[],
): Inbox {
  const { database, tenants, clock, log, meter } = options;
  const effect = effectOf(subscriptions);

  const takeTogether = (tenant: Tenant, deliveries: readonly Delivery[]): Promise<Plan> =>
    transact(database, tenant, async (em) => {
      const positions = await lockPositions(em, group, keysOf(deliveries));
      const plan = planOf(positions, deliveries);
      await effect(em, plan.take);
      const now = clock();
      if (plan.keep.length > 0) await keepDeliveries(em, group, plan.keep, now);
      if (plan.moves.length > 0) await writePositions(em, group, plan.take, plan.moves, now);
      return plan;
    });

  /** Together; after a failure by halves, down to the one that fails. */
  const takeBatch = async (tenant: Tenant, deliveries: readonly Delivery[]): Promise<void> => {
    try {
      await goOn(tenant, await takeTogether(tenant, deliveries));
    } catch (error) {
      if (isTransient(error)) throw error;
      const [delivery] = deliveries;
      if (deliveries.length === 1 && delivery !== undefined) {
        return takeAlone(tenant, delivery, error);
      }
      const half = Math.ceil(deliveries.length / 2);
      await takeBatch(tenant, deliveries.slice(0, half));
      await takeBatch(tenant, deliveries.slice(half));
    }
  };

  const takeAlone = async (tenant: Tenant, delivery: Delivery, firstError: unknown) => {
    const again = async () => goOn(tenant, await takeTogether(tenant, [delivery]));
    const [, hold] = await attempts(firstError, again);
    if (hold !== undefined) await holdBack(tenant, delivery, hold.waiting, hold.error);
  };

  /** Counts what was done and follows with what was kept behind a gap that is filled now. */
  const goOn = async (tenant: Tenant, { take, keep, duplicates, moves }: Plan): Promise<void> => {
    meter.count('inbox_taken_total', { group }, take.length);
    if (keep.length > 0) meter.count('inbox_kept_total', { group }, keep.length);
    if (duplicates > 0) meter.count('inbox_duplicates_total', { group }, duplicates);
    const now = clock().getTime();
    for (const { time } of take) {
      meter.observeSeconds('event_age_seconds', (now - time.getTime()) / 1_000, { group });
    }
    const moved = new Set(take.map(placeOf));
    for (const { position } of moves) {
      if (position.waiting === 'GAP' && moved.has(placeOf(position))) {
        await resume(tenant, position);
      }
    }
  };

  /** Keeps the event and lets its key wait, unless somebody else has taken it meanwhile. */
  const holdBack = async (tenant: Tenant, delivery: Delivery, waiting: Waiting, error: unknown) => {
    const message = String(error).replaceAll('\0', '').slice(0, errorLengthMax);
    await transact(database, tenant, async (em) => {
      const [at = start] = await lockPositions(em, group, [delivery]);
      if (orderOf(at, delivery) === 'DUPLICATE') return;
      const now = clock();
      await keepDeliveries(em, group, [delivery], now);
      await holdKey(em, group, delivery, { waiting, error: message }, now);
    });
    if (waiting !== 'PARKED') return;
    const { id, topic, key, type } = delivery;
    meter.count('inbox_parked_total', { group });
    log.error({ tenant, group, topic, key, id, type, error }, 'event parked');
  };

  const resumeOne = (tenant: Tenant, key: Key, replay: boolean): Promise<Resumed | 'AGAIN'> =>
    transact(database, tenant, async (em) => {
      const [at] = await lockPositions(em, group, [key]);
      if (at === undefined || at.waiting === undefined) return 'OPEN';
      if (at.waiting === 'PARKED' && !replay) return 'PARKED';
      const delivery = await firstKept(em, group, key);
      if (delivery === undefined) {
        await openKey(em, group, key);
        return 'OPEN';
      }
      const order = orderOf(at, delivery);
      if (order === 'GAP') {
        const position = { ...at, waiting: 'GAP' } as const;
        if (at.waiting !== 'GAP') {
          await writePositions(em, group, [], [{ position, isNew: false }], clock());
        }
        return 'GAP';
      }
      await dropKept(em, group, delivery);
      if (order === 'DUPLICATE') return 'AGAIN';
      const plan = planOf([{ ...at, waiting: 'GAP' }], [delivery]);
      await effect(em, plan.take);
      await writePositions(em, group, plan.take, plan.moves, clock());
      meter.count('inbox_taken_total', { group });
      return 'AGAIN';
    });

  const resume = async (tenant: Tenant, key: Key, replay = false): Promise<Resumed> => {
    for (;;) {
      const [resumed, hold] = await attempts(undefined, () => resumeOne(tenant, key, replay));
      if (hold !== undefined) {
        const delivery = await transact(database, tenant, (em) => firstKept(em, group, key));
        if (delivery !== undefined) await holdBack(tenant, delivery, hold.waiting, hold.error);
        return hold.waiting;
      }
      if (resumed !== 'AGAIN') return resumed;
    }
  };

  const keepAside = async (record: BusRecord, error: Unreadable): Promise<void> => {
    const [tenant] = tenants;
    if (tenant === undefined) throw new Error('no tenant is configured');
    const now = clock();
    const isNew = await transact(database, tenant, (em) =>
      keepUnreadable(em, { group, record, error: error.message, now }),
    );
    if (!isNew) return;
    const { topic } = record;
    meter.count('inbox_unreadable_total', { group });
    log.error({ group, topic, error }, 'record without readable headers kept aside');
  };

  const take: Take = async (records) => {
    const byTenant = new Map<Tenant, Delivery[]>();
    for (const record of records) {
      try {
        const delivery = readDelivery(record);
        const others = byTenant.get(delivery.tenant);
        if (others === undefined) byTenant.set(delivery.tenant, [delivery]);
        else others.push(delivery);
      } catch (error) {
        if (!(error instanceof Unreadable)) throw error;
        await keepAside(record, error);
      }
    }
    for (const [tenant, deliveries] of byTenant) {
      if (tenants.includes(tenant)) {
        await takeBatch(tenant, deliveries);
        continue;
      }
      for (const delivery of deliveries) {
        await holdBack(tenant, delivery, 'PARKED', `the tenant ${tenant} is not known here`);
      }
    }
  };

  return { take, resume };
}

interface Hold {
  readonly waiting: Waiting;
  readonly error: unknown;
}

/** Tries three times in all, the failure before counted; then says how the event has to wait. */
async function attempts<T>(
  firstError: unknown,
  act: () => Promise<T>,
): Promise<[result: T, hold?: undefined] | [result: undefined, hold: Hold]> {
  let error = firstError;
  for (let attempt = error === undefined ? 0 : 1; ; attempt += 1) {
    if (error instanceof NotYet) return [undefined, { waiting: 'NOT_YET', error }];
    if (isTransient(error)) throw error;
    if (attempt === attemptsMax) return [undefined, { waiting: 'PARKED', error }];
    try {
      return [await act()];
    } catch (thrown) {
      error = thrown;
    }
  }
}

function keysOf(deliveries: readonly Delivery[]): readonly Key[] {
  return [...new Map(deliveries.map((delivery) => [placeOf(delivery), delivery])).values()];
}
