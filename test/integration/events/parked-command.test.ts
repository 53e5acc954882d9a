import { type Bus, localBus, parkedCommand } from '@lianbao/events';
import { silentMeter, type Tenant } from '@lianbao/kernel';
import { beforeEach, expect, it } from 'vitest';
import { clock, eventOn, keyOf, log, newWorld, tenant, type World } from './world.ts';

const topic = 'lianbao.thing.v1';
const group = 'test.notes';
const key = keyOf('a');

let world: World;
let bus: Bus;
let broken: boolean;
beforeEach(async () => {
  world = await newWorld();
  bus = localBus();
  broken = true;
  world.hear(bus, subscription());
  await bus.start();
});

const subscription = () => ({
  group,
  topic,
  handlers: [
    world.noting(group, (text) => {
      if (broken && text === 'poison') throw new Error('cannot read this');
    }),
  ],
});

const parked = (...words: readonly string[]) =>
  parkedCommand(
    {
      database: world.database,
      tenants: [tenant],
      subscriptions: [subscription()],
      clock,
      log,
      meter: silentMeter,
    },
    words,
  );

const place = [group, topic, key];

it('lists what is parked, one line of JSON each, and replays it', async () => {
  expect(await parked()).toEqual([]);
  await bus.send([eventOn(topic, 'a', 1n, 'poison'), eventOn(topic, 'a', 2n, 'after')]);
  const lines = await parked();
  expect(await parked('list')).toEqual(lines);
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { tenant, group, topic, key, subject: 'things/a', epoch: '0', sequence: '1', kept: 2 },
  ]);
  expect(await parked('replay', tenant, ...place)).toEqual(['PARKED']);
  broken = false;
  expect(await parked('replay', tenant, ...place)).toEqual(['OPEN']);
  expect(await parked()).toEqual([]);
  expect(await world.noted(group, 'a')).toEqual(['poison', 'after']);
});

it('skips what is parked, with the person and the reason', async () => {
  const poison = eventOn(topic, 'a', 1n, 'poison');
  await bus.send([poison]);
  const skip = ['skip', tenant, ...place, 'li'];
  await expect(parked(...skip)).rejects.toThrow(RangeError);
  expect(await parked(...skip, 'sent', 'in', 'error')).toEqual([`skipped ${poison.headers.ce_id}`]);
  expect(await parked(...skip, 'again')).toEqual(['nothing is parked there']);
  expect(await world.admin('select actor, cause from outbox')).toEqual([
    { actor: 'OPERATOR li', cause: 'SkipParked' },
  ]);
});

it('lists what is parked for a tenant that is not served here', async () => {
  const stranger = 'elsewhere' as Tenant;
  await bus.send([eventOn(topic, 'a', 1n, 'lost', { tenant: stranger })]);
  expect(await parked()).toEqual([]);
  const [line = ''] = await parked('list', stranger);
  expect(JSON.parse(line)).toMatchObject({ tenant: stranger, key });
});

it('lists records that could not be read, and dismisses them', async () => {
  await bus.send([{ ...eventOn(topic, 'a', 1n, 'one'), headers: { ce_id: 'seven' } }]);
  const [line = ''] = await parked('unreadable');
  const { number, payload, ...rest } = JSON.parse(line);
  expect(rest).toMatchObject({ tenant, group, topic, error: 'header ce_time' });
  expect(Buffer.from(payload, 'base64').toString()).toContain('one');
  const dismiss = ['dismiss', tenant, number, 'li'];
  await expect(parked(...dismiss)).rejects.toThrow(RangeError);
  expect(await parked(...dismiss, 'not', 'ours')).toEqual([`dismissed ${number}`]);
  expect(await parked(...dismiss, 'again')).toEqual(['there is none of that number']);
  expect(await parked('unreadable')).toEqual([]);
});

it.each([
  ['list', tenant, 'more'],
  ['replay', tenant, ...place, 'more'],
  ['unreadable', 'more'],
  ['dismiss', tenant, 'one', 'li', 'no number'],
  ['resume'],
])('shows its usage instead of guessing at %s', async (...words) => {
  await expect(parked(...words)).rejects.toThrow(
    'parked skip TENANT GROUP TOPIC KEY PERSON REASON',
  );
});
