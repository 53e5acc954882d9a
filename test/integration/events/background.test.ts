import { type Background, background, countPending, localBus, publish } from '@lianbao/events';
import { type SteppedClock, silentMeter, steppedClock } from '@lianbao/kernel';
import { setTimer, transact } from '@lianbao/persistence';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { eventually, log, newWorld, origin, saying, tenant, type World } from './world.ts';

const topic = 'lianbao.thing.v1';
const group = 'test.notes';
const dayMs = 86_400_000;
const start = new Date('2020-02-21T01:00:00Z');
const daysBefore = (days: number, ms = 0) => new Date(start.getTime() - days * dayMs - ms);

let world: World;
let clock: SteppedClock;
let work: Background;
beforeEach(async () => {
  world = await newWorld();
  clock = steppedClock(start);
  const bus = localBus();
  work = background({
    database: world.database,
    url: world.access.appUrl,
    tenants: [tenant],
    clock: clock.now,
    log,
    meter: silentMeter,
    bus,
    subscriptions: [{ group, topic, handlers: [world.noting(group)] }],
    timers: { WORD: (em, subject) => publish(em, origin, saying(topic, 'a', subject)) },
    idempotencyDays: 7,
  });
  await bus.start();
  onTestFinished(() => bus.stop());
  onTestFinished(() => work.stop());
});

it('keeps times, tells and hears from its start to its stop', async () => {
  const inOneHour = new Date(start.getTime() + 3_600_000);
  await transact(world.database, tenant, (em) =>
    setTimer(em, { kind: 'WORD', subject: 'now', dueAt: inOneHour }),
  );
  expect(work.running()).toBe(false);
  await work.start();
  expect(work.running()).toBe(true);
  clock.advance(3_600_000);
  await eventually(() => world.noted(group, 'a')).toEqual(['now']);
  await world.say(topic, 'a', 'last');
  await work.stop();
  expect(work.running()).toBe(false);
  expect(await world.noted(group, 'a')).toEqual(['now', 'last']);
  expect(await countPending(world.database, tenant)).toBe(0);
});

it('forgets answers and ids of events once a day, when they are old enough', async () => {
  const answered = (at: Date) =>
    world.admin(
      `insert into idempotency (tenant, caller, method, request_id, fingerprint, answer, created_at)
       values ($1, 'PLATFORM platforms/p', 'm', gen_random_uuid(), '', '', $2)`,
      [tenant, at],
    );
  const taken = (at: Date) =>
    world.admin(
      `insert into inbox (tenant, "group", event_id, taken_at)
       values ($1, $2, gen_random_uuid(), $3)`,
      [tenant, group, at],
    );
  await answered(daysBefore(7, 1));
  await answered(daysBefore(7));
  await taken(daysBefore(30, 1));
  await taken(daysBefore(30));
  const left = async () => [
    await world.admin('select created_at as at from idempotency'),
    await world.admin('select taken_at as at from inbox'),
  ];
  const due = () => world.admin('select kind, due_at from timer where lease is null');

  await work.start();
  await eventually(left).toEqual([[{ at: daysBefore(7) }], [{ at: daysBefore(30) }]]);
  await eventually(due).toEqual([{ kind: 'HOUSEKEEPING', due_at: daysBefore(-1) }]);
  clock.advance(dayMs);
  await eventually(left).toEqual([[], []]);
  await eventually(due).toEqual([{ kind: 'HOUSEKEEPING', due_at: daysBefore(-2) }]);
});
