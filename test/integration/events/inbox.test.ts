import {
  type Bus,
  type BusRecord,
  type Delivery,
  dismissUnreadable,
  forgetInboxIds,
  listParked,
  listUnreadable,
  localBus,
  replayParked,
} from '@lianbao/events';
import { currentTraceparent, silentMeter } from '@lianbao/kernel';
import { sql } from '@lianbao/persistence';
import type { EntityManager } from '@mikro-orm/postgresql';
import { beforeEach, expect, it } from 'vitest';
import { clock, eventOn, keyOf, log, newWorld, tenant, type World } from './world.ts';

const topic = 'lianbao.thing.v1';
const group = 'test.notes';

let world: World;
let bus: Bus;
beforeEach(async () => {
  world = await newWorld();
  bus = localBus();
});

const event = (of: string, sequence: bigint, text: string, traceparent?: string): BusRecord =>
  eventOn(topic, of, sequence, text, { traceparent });

const listen = async (before?: (text: string) => void) => {
  world.hear(bus, { group, topic, handlers: [world.noting(group, before)] });
  await bus.start();
};

it('prepares a batch once, with just the events about to be handled', async () => {
  const prepared: string[][] = [];
  const prepare = async (_: unknown, deliveries: readonly Delivery[]) => {
    prepared.push(deliveries.map(({ sequence }) => `${sequence}`));
  };
  world.hear(bus, { group, topic, handlers: [world.noting(group)], prepare });
  await bus.start();
  await bus.send([1n, 2n, 1n, 4n].map((sequence) => event('a', sequence, `${sequence}`)));
  expect(prepared).toEqual([['1', '2']]);
  expect(await world.noted(group, 'a')).toEqual(['1', '2']);
});

it('handles independent events of a batch side by side, those of one key in order', async () => {
  const both = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
  const order: string[] = [];
  const handler = world.noting(group);
  const waiting = {
    ...handler,
    handle: async (em: EntityManager, delivery: Delivery) => {
      const mine = delivery.key === keyOf('a') ? 0 : 1;
      both[mine].resolve();
      await both[1 - mine]?.promise; // Each waits until the other key's has begun.
      order.push(`${mine} ${delivery.sequence}`);
      await handler.handle(em, delivery);
    },
  };
  world.hear(bus, { group, topic, handlers: [waiting], independent: true });
  await bus.start();
  await bus.send([event('a', 1n, 'a1'), event('a', 2n, 'a2'), event('b', 1n, 'b1')]);
  expect(order.filter((each) => each.startsWith('0'))).toEqual(['0 1', '0 2']);
  expect(await world.noted(group, 'b')).toEqual(['b1']);
});

it('parks the one of several independent events whose statement failed, and no other', async () => {
  const handler = world.noting(group);
  const failing = {
    ...handler,
    handle: async (em: EntityManager, delivery: Delivery) => {
      if (delivery.key === keyOf('b')) await sql(em, 'select 1 / 0');
      await handler.handle(em, delivery);
    },
  };
  world.hear(bus, { group, topic, handlers: [failing], independent: true });
  await bus.start();
  await bus.send([event('a', 1n, 'a1'), event('b', 1n, 'b1'), event('c', 1n, 'c1')]);
  expect(await world.noted(group, 'a')).toEqual(['a1']);
  expect(await world.noted(group, 'c')).toEqual(['c1']);
  const parked = await listParked(world.database, tenant);
  expect(parked.map(({ key, error }) => ({ key, error }))).toEqual([
    { key: keyOf('b'), error: expect.stringContaining('division by zero') },
  ]);
});

it('hands a batch back whole when the database is away, and parks nothing', async () => {
  let away = true;
  await listen((text) => {
    if (away && text === 'two') throw Object.assign(new Error('shutdown'), { code: '57P01' });
  });
  const batch = [event('a', 1n, 'one'), event('b', 1n, 'two')];
  await expect(bus.send(batch)).rejects.toThrow('shutdown');
  expect(await world.countNoted(group)).toBe(0);
  expect(await listParked(world.database, tenant)).toEqual([]);
  away = false;
  await bus.send(batch);
  expect(await world.countNoted(group)).toBe(2);
});

it('tries an event alone three times before it is parked', async () => {
  let failures = 0;
  await listen((text) => {
    if (text !== 'shaky') return;
    failures += 1;
    if (failures < 3) throw new Error('not this time');
  });
  await bus.send([event('a', 1n, 'shaky')]);
  expect(await world.noted(group, 'a')).toEqual(['shaky']);
  expect(await listParked(world.database, tenant)).toEqual([]);
});

it('has each effect once around events that fail in the middle of a batch', async () => {
  const poisoned = new Set(['7', '40', '41']);
  await listen((text) => {
    if (poisoned.has(text)) throw new Error('poison');
  });
  const texts = Array.from({ length: 100 }, (_, index) => `${index}`);
  await bus.send(texts.map((text) => event(text, 1n, text)));
  const parked = await listParked(world.database, tenant);
  expect(parked.map(({ subject }) => subject).sort()).toEqual([
    'things/40',
    'things/41',
    'things/7',
  ]);
  expect(await world.countNoted(group)).toBe(97);
  expect(await world.admin('select text from note group by text having count(*) > 1')).toEqual([]);
});

it('has the effect once when two consumers take the same new key at the same time', async () => {
  const other = localBus();
  const both = Promise.withResolvers<void>();
  let inside = 0;
  const meet = async () => {
    inside += 1;
    if (inside === 2) both.resolve();
    await both.promise;
  };
  for (const one of [bus, other]) {
    world.hear(one, { group, topic, handlers: [world.noting(group)], prepare: meet });
    await one.start();
  }
  const batch = [event('a', 1n, 'one'), event('a', 2n, 'two')];
  await Promise.all([bus.send(batch), other.send(batch)]);
  expect(await world.noted(group, 'a')).toEqual(['one', 'two']);
  expect(await listParked(world.database, tenant)).toEqual([]);
});

it('handles an event under the trace it came with', async () => {
  const traces: (string | undefined)[] = [];
  await listen(() => void traces.push(currentTraceparent()));
  const traceparent = `00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-01`;
  await bus.send([event('a', 1n, 'one', traceparent)]);
  expect(traces).toEqual([traceparent]);
});

it('forgets ids and keeps positions', async () => {
  await listen();
  await bus.send([event('a', 1n, 'one')]);
  expect(await forgetInboxIds(world.database, tenant, clock())).toBe(0);
  const later = new Date(clock().getTime() + 1);
  expect(await forgetInboxIds(world.database, tenant, later)).toBe(1);
  await bus.send([event('a', 1n, 'one'), event('a', 2n, 'two')]);
  expect(await world.noted(group, 'a')).toEqual(['one', 'two']);
});

it('refuses two subscriptions of a group to one topic', () => {
  const subscription = { group, topic, handlers: [] };
  expect(() => world.hear(bus, subscription, subscription)).toThrow('hears a topic twice');
});

it('lets an operator look at a record it could not read, and dismiss it', async () => {
  await listen();
  await bus.send([{ ...event('a', 1n, 'one'), headers: { 'content-type': 'text/plain' } }]);
  const [record] = await listUnreadable(world.database, tenant);
  expect(record).toMatchObject({
    number: 1n,
    group,
    topic,
    error: 'header ce_time',
    headers: '{"content-type":"text/plain"}',
  });
  const dismissal = { number: 1n, reason: 'a stray test', actor: 'operator li' };
  expect(await dismissUnreadable(world.database, tenant, dismissal, clock())).toBe(true);
  expect(await dismissUnreadable(world.database, tenant, dismissal, clock())).toBe(false);
  expect(await listUnreadable(world.database, tenant)).toEqual([]);
  expect(await world.admin('select subject, cause from outbox')).toEqual([
    { subject: 'unreadable/1', cause: 'DismissUnreadable' },
  ]);
});

it('keeps a record it could not read once, however often its batch comes', async () => {
  await listen();
  const stray = { ...event('a', 1n, 'one'), headers: { 'content-type': 'text/plain' } };
  const other = { ...stray, value: Buffer.from('other') };
  await bus.send([stray, event('a', 1n, 'one')]);
  await bus.send([stray, event('a', 1n, 'one'), other]);
  await bus.send([stray, other]);
  const kept = await listUnreadable(world.database, tenant);
  expect(kept.map(({ payload }) => Buffer.from(payload).toString())).toEqual([
    Buffer.from(stray.value).toString(),
    'other',
  ]);
});

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

it('has every effect once and in sequence, though events come twice, out of order, and some are poison', async () => {
  const random = chance(42);
  const names = Array.from({ length: 40 }, (_, index) => `k${index}`);
  const poison = new Set<string>();
  let broken = true;
  await listen((text) => {
    if (broken && poison.has(text)) throw new Error('poison');
  });
  const expected = new Map(names.map((name) => [name, [] as string[]]));
  const events = Array.from({ length: 1_000 }, () => {
    const name = names[Math.floor(random() * names.length)] ?? '';
    const texts = expected.get(name) ?? [];
    const text = `${name}/${texts.length + 1}`;
    texts.push(text);
    if (random() < 0.01) poison.add(text);
    return event(name, BigInt(texts.length), text);
  });
  // Each within fifty places of its own, one in ten a second time.
  const coming = events
    .flatMap((one, place) =>
      random() < 0.1
        ? ([
            [one, place],
            [one, place],
          ] as const)
        : ([[one, place]] as const),
    )
    .map(([one, place]) => ({ one, place: place + random() * 50 }))
    .sort((left, right) => left.place - right.place)
    .map(({ one }) => one);
  for (let from = 0; from < coming.length; ) {
    const size = 1 + Math.floor(random() * 60);
    await bus.send(coming.slice(from, from + size));
    from += size;
  }
  expect(poison.size).toBeGreaterThan(3);
  for (const [name, texts] of expected) {
    const firstPoison = texts.findIndex((text) => poison.has(text));
    const reached = firstPoison === -1 ? texts : texts.slice(0, firstPoison);
    expect(await world.noted(group, name)).toEqual(reached);
  }
  broken = false;
  const subscriptions = [{ group, topic, handlers: [world.noting(group)] }];
  for (const parked of await listParked(world.database, tenant)) {
    const surroundings = { clock, log, meter: silentMeter };
    const place = { group, topic, key: parked.key };
    expect(await replayParked(world.database, tenant, subscriptions, place, surroundings)).toBe(
      'OPEN',
    );
  }
  for (const [name, texts] of expected) expect(await world.noted(group, name)).toEqual(texts);
  expect(await world.admin('select from inbox_kept')).toEqual([]);
});
