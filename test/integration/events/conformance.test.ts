/** What every bus has to do, with the real outbox and inbox on both sides of it. */
import { BoolValueSchema } from '@bufbuild/protobuf/wkt';
import {
  type Bus,
  type BusRecord,
  countPending,
  type Delivery,
  listParked,
  NotYet,
  on,
  publish,
  replayParked,
  skipParked,
} from '@lianbao/events';
import { eventUid, silentMeter, type Tenant, withTrace } from '@lianbao/kernel';
import { transact } from '@lianbao/persistence';
import { afterAll, beforeEach, describe, expect, it, onTestFailed } from 'vitest';
import { kafkaForTests } from '../../support/kafka.ts';
import { busesWith, recordsIn } from './buses.ts';
import {
  clock,
  type EventGiven,
  eventOn,
  eventually,
  keyOf,
  log,
  newWorld,
  numbers,
  origin,
  payloadOf,
  said,
  saying,
  tenant,
  type World,
} from './world.ts';

const kafka = await kafkaForTests();
afterAll(() => kafka?.stop());

const group = 'test.notes';

describe.each(busesWith(kafka))('the %s bus', (name, { newTopic, newBus }) => {
  let world: World;
  let topic: string;
  let bus: Bus;

  beforeEach(async () => {
    said.length = 0;
    onTestFailed(() => console.error(said));
    world = await newWorld();
    bus = newBus();
    topic = await newTopic();
  });

  const listen = async (before?: (text: string, delivery: Delivery) => void) => {
    world.hear(bus, { group, topic, handlers: [world.noting(group, before)] });
    await bus.start();
  };

  const event = (...given: EventGiven) => eventOn(topic, ...given);

  it('brings the events of each aggregate in order, each once', async () => {
    await listen();
    const relay = await world.relay(bus);
    const names = ['a', 'b', 'c', 'd', 'e'];
    for (const text of numbers(20)) {
      await Promise.all(names.map((of) => world.say(topic, of, `${text}.1`, `${text}.2`)));
    }
    await relay.drained();
    const expected = numbers(20).flatMap((text) => [`${text}.1`, `${text}.2`]);
    for (const of of names) await eventually(() => world.noted(group, of)).toEqual(expected);
    expect(await world.countNoted(group)).toBe(200);
  });

  it('carries these headers and no others', async () => {
    const records: BusRecord[] = [];
    bus.subscribe(group, [topic], async (some) => void records.push(...some));
    await bus.start();
    await world.relay(bus);
    const traceparent = `00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-01`;
    await withTrace(traceparent, () => world.say(topic, 'a', 'first', 'second'));
    await eventually(async () => records.length).toBe(2);
    const key = keyOf('a');
    expect(records[1]).toEqual({
      topic,
      key,
      headers: {
        ce_specversion: '1.0',
        ce_id: eventUid(tenant, topic, key, 0n, 2n),
        ce_type: 'google.protobuf.StringValue',
        ce_source: `/lianbao/protobuf/${topic.split('.')[1]}/${key}`,
        ce_subject: 'things/a',
        ce_time: '2020-02-21T01:00:00.000Z',
        ce_partitionkey: key,
        ce_epoch: '0',
        ce_sequence: '00000000000000000002',
        ce_correlationid: 'things/a',
        ce_causationid: '5f0c6c1e-4d0b-4a5f-9a0e-0d6a3a6a1f11',
        ce_dataschema: 'type.googleapis.com/google.protobuf.StringValue',
        ce_audience: 'platforms/p,lenders/l',
        ce_tenant: 'local',
        traceparent,
        'content-type': 'application/protobuf',
      },
      value: Buffer.from(payloadOf('second')),
    });
  });

  it('has the effect once when an event comes twice', async () => {
    await listen();
    await bus.send([event('a', 1n, 'one'), event('a', 1n, 'one'), event('a', 2n, 'two')]);
    await bus.send([event('a', 1n, 'one'), event('a', 2n, 'two'), event('a', 3n, 'three')]);
    await eventually(() => world.noted(group, 'a')).toEqual(['one', 'two', 'three']);
  });

  it('keeps what comes behind a gap until it is filled, while others flow on', async () => {
    await listen();
    await bus.send([event('a', 1n, 'one'), event('a', 3n, 'three'), event('a', 4n, 'four')]);
    await bus.send([event('b', 1n, 'other')]);
    await eventually(() => world.noted(group, 'b')).toEqual(['other']);
    expect(await world.noted(group, 'a')).toEqual(['one']);
    await bus.send([event('a', 2n, 'two')]);
    await eventually(() => world.noted(group, 'a')).toEqual(['one', 'two', 'three', 'four']);
    await bus.send([event('a', 5n, 'five')]);
    await eventually(() => world.noted(group, 'a')).toContain('five');
    expect(await world.admin('select from inbox_kept')).toEqual([]);
    expect(await world.admin('select from inbox_position where waiting is not null')).toEqual([]);
  });

  it('parks the aggregate of a poison event, lets others flow, and replays it', async () => {
    let broken = true;
    const refuse = (text: string) => {
      if (broken && text === 'poison') throw new Error('cannot read this');
    };
    await listen(refuse);
    await world.relay(bus);
    await world.say(topic, 'a', 'good', 'poison', 'after');
    await world.say(topic, 'b', ...numbers(30));
    await eventually(() => world.noted(group, 'b')).toEqual(numbers(30));
    const key = keyOf('a');
    await eventually(() => listParked(world.database, tenant)).toMatchObject([
      { group, topic, key, subject: 'things/a', epoch: 0n, sequence: 2n, kept: 2 },
    ]);
    const [parked] = await listParked(world.database, tenant);
    expect(parked).toMatchObject({ error: 'Error: cannot read this', since: clock() });
    expect(await world.noted(group, 'a')).toEqual(['good']);

    const subscriptions = [{ group, topic, handlers: [world.noting(group, refuse)] }];
    const replay = () =>
      replayParked(
        world.database,
        tenant,
        subscriptions,
        { group, topic, key },
        { clock, log, meter: silentMeter },
      );
    expect(await replay()).toBe('PARKED');
    broken = false;
    expect(await replay()).toBe('OPEN');
    expect(await world.noted(group, 'a')).toEqual(['good', 'poison', 'after']);
    await world.say(topic, 'a', 'last');
    await eventually(() => world.noted(group, 'a')).toContain('last');
    expect(await listParked(world.database, tenant)).toEqual([]);
  });

  it('passes a poison event by when an operator skips it with a reason', async () => {
    await listen();
    await bus.send([
      event('a', 1n, 'one'),
      event('a', 2n, '', { payload: Buffer.from('random bytes') }),
      event('a', 3n, 'three'),
    ]);
    await eventually(() => listParked(world.database, tenant)).toHaveLength(1);
    const skip = { group, topic, key: keyOf('a'), reason: 'not ours', actor: 'operator li' };
    const id = await skipParked(world.database, tenant, skip, clock());
    expect(id).toBe(event('a', 2n, '').headers.ce_id);
    await eventually(() => world.noted(group, 'a')).toEqual(['one', 'three']);
    expect(await skipParked(world.database, tenant, skip, clock())).toBeUndefined();
    expect(
      await world.admin('select topic, key, subject, actor, cause, causation_id from outbox'),
    ).toEqual([
      {
        topic: null,
        key: keyOf('a'),
        subject: 'things/a',
        actor: 'operator li',
        cause: 'SkipParked',
        causation_id: id,
      },
    ]);
  });

  it('tries again each second what cannot be handled yet, while others flow on', async () => {
    let arrived = false;
    await listen((text) => {
      if (!arrived && text === 'early') throw new NotYet('policy-7 has not arrived');
    });
    await bus.send([event('a', 1n, 'early'), event('a', 2n, 'late'), event('b', 1n, 'other')]);
    await eventually(() => world.noted(group, 'b')).toEqual(['other']);
    expect(await world.noted(group, 'a')).toEqual([]);
    arrived = true;
    await eventually(() => world.noted(group, 'a')).toEqual(['early', 'late']);
    expect(await listParked(world.database, tenant)).toEqual([]);
  });

  it('counts an event of a type nobody here knows', async () => {
    await listen();
    await bus.send([event('a', 1n, 'one'), event('a', 2n, '', { type: 'lianbao.new.v1.Unheard' })]);
    await bus.send([event('a', 3n, 'three')]);
    await eventually(() => world.noted(group, 'a')).toEqual(['one', 'three']);
  });

  it('parks an event of a tenant it does not know, and keeps aside what it cannot read', async () => {
    await listen();
    const stranger = 'elsewhere' as Tenant;
    const unreadable = { ...event('a', 1n, 'one'), headers: { ce_id: 'seven\0' } };
    await bus.send([event('a', 1n, 'lost', { tenant: stranger }), unreadable]);
    await bus.send([event('a', 1n, 'one')]);
    await eventually(() => world.noted(group, 'a')).toEqual(['one']);
    expect(await listParked(world.database, stranger)).toMatchObject([
      { key: keyOf('a'), error: 'the tenant elsewhere is not known here' },
    ]);
    expect(await listParked(world.database, tenant)).toEqual([]);
    expect(await world.admin('select tenant, error from inbox_unreadable')).toEqual([
      { tenant: 'local', error: 'header ce_time' },
    ]);
  });

  it('sends an event with a lower number that was committed later', async () => {
    await listen();
    const relay = await world.relay(bus);
    const release = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const late = transact(world.database, tenant, async (em) => {
      await publish(em, origin, saying(topic, 'a', 'late'));
      begun.resolve();
      await release.promise;
    });
    await begun.promise;
    await world.say(topic, 'b', 'early');
    await eventually(() => world.noted(group, 'b')).toEqual(['early']);
    await relay.drained();
    release.resolve();
    await late;
    await eventually(() => world.noted(group, 'a')).toEqual(['late']);
    expect(await world.admin('select key from outbox order by number')).toEqual([
      { key: keyOf('a') },
      { key: keyOf('b') },
    ]);
  });

  it('hands one event to several groups, each of which has its own position', async () => {
    const other = 'test.others';
    world.hear(
      bus,
      { group, topic, handlers: [world.noting(group)] },
      {
        group: other,
        topic,
        handlers: [on(BoolValueSchema, async () => undefined), world.noting(other)],
      },
    );
    await bus.start();
    await world.relay(bus);
    await world.say(topic, 'a', ...numbers(3));
    await eventually(() => world.noted(group, 'a')).toEqual(numbers(3));
    await eventually(() => world.noted(other, 'a')).toEqual(numbers(3));
  });

  const itOfBrokers = name === 'kafka' ? it : () => undefined; // Local: there is none.

  itOfBrokers('has in the broker just what the outbox says is published', async () => {
    await listen();
    const relay = await world.relay(bus);
    for (const text of numbers(50)) {
      await Promise.all(['a', 'b', 'c'].map((of) => world.say(topic, of, text)));
    }
    await relay.drained();
    const rows = await world.admin('select from outbox where topic is not null');
    expect(await countPending(world.database, tenant)).toBe(0);
    expect(rows).toHaveLength(150);
    if (kafka !== undefined) expect(await recordsIn(kafka, topic)).toBe(150);
    await eventually(() => world.countNoted(group)).toBe(150);
  });
});
