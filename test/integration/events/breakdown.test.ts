/** What holds when a part of it dies, leaves or comes back, on every bus. */
import { type Bus, countPending, raiseEpoch } from '@lianbao/events';
import { afterAll, beforeEach, describe, expect, it, onTestFailed } from 'vitest';
import { eventually as wait } from '../../support/eventually.ts';
import { kafkaForTests } from '../../support/kafka.ts';
import { busesWith } from './buses.ts';
import { eventually, keyOf, newWorld, numbers, said, tenant, type World } from './world.ts';

const kafka = await kafkaForTests();
afterAll(() => kafka?.stop());

const group = 'test.notes';

describe.each(busesWith(kafka))(
  'the %s bus',
  (name, { newTopic, newBus, halt, resume, awayMs }) => {
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

    const listen = async () => {
      world.hear(bus, { group, topic, handlers: [world.noting(group)] });
      await bus.start();
    };

    it('sends again, without a second effect, after the relay was killed between send and mark', async () => {
      await listen();
      let kills = 3;
      const sent: string[] = [];
      const deadly: Bus = {
        ...bus,
        send: async (records) => {
          await bus.send(records);
          sent.push(...records.map(({ headers }) => headers.ce_id ?? ''));
          if (kills === 0) return;
          kills -= 1;
          await world.admin(
            `select pg_terminate_backend(pid) from pg_stat_activity
            where application_name like '% relay' and datname = current_database()`,
          );
        },
      };
      const relay = await world.relay(deadly);
      await world.say(topic, 'a', ...numbers(5));
      await world.say(topic, 'a', ...numbers(5, 'more '));
      await relay.drained();
      await eventually(() => world.noted(group, 'a')).toEqual([
        ...numbers(5),
        ...numbers(5, 'more '),
      ]);
      expect(kills).toBe(0);
      expect(sent.length).toBeGreaterThan(new Set(sent).size);
    });

    it('keeps order and effect with two relays, one of which goes', async () => {
      await listen();
      const order: string[] = [];
      const watched: Bus = {
        ...bus,
        send: (records) => {
          order.push(...records.map(({ key, headers }) => `${key} ${headers.ce_sequence}`));
          return bus.send(records);
        },
      };
      const first = await world.relay(watched);
      const second = await world.relay(watched);
      for (const text of numbers(10)) {
        await world.say(topic, 'a', text);
        await world.say(topic, 'b', text);
      }
      await first.stop();
      for (const text of numbers(10, 'more ')) await world.say(topic, 'a', text);
      await second.drained();
      await eventually(() => world.noted(group, 'a')).toEqual([
        ...numbers(10),
        ...numbers(10, 'more '),
      ]);
      await eventually(() => world.noted(group, 'b')).toEqual(numbers(10));
      const ofA = order.filter((sent) => sent.startsWith(keyOf('a')));
      expect(ofA).toEqual(ofA.toSorted());
      expect(ofA).toHaveLength(20);
    });

    it('takes an event of a new epoch whose sequence was given before a restore', async () => {
      await listen();
      const relay = await world.relay(bus);
      await world.say(topic, 'a', 'one', 'two', 'lost by the restore');
      await relay.drained();
      await eventually(() => world.noted(group, 'a')).toHaveLength(3);
      await world.admin('delete from outbox where sequence = 3');
      await world.admin('update outbox_head set sequence = 2');
      expect(await raiseEpoch(world.database, tenant)).toBe(1n);
      await world.say(topic, 'a', 'again three', 'four');
      await eventually(() => world.noted(group, 'a')).toEqual([
        'one',
        'two',
        'lost by the restore',
        'again three',
        'four',
      ]);
      expect(await world.admin('select epoch, sequence from inbox_position')).toEqual([
        { epoch: '1', sequence: '4' },
      ]);
    });

    const itOfProcesses = name === 'kafka' ? it : () => undefined; // Local: there is one process.

    itOfProcesses('goes on when a consumer of the group leaves', async () => {
      await listen();
      const second = newBus();
      world.hear(second, { group, topic, handlers: [world.noting(group)] });
      await second.start();
      const relay = await world.relay(bus);
      const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
      const sayAll = async (texts: readonly string[]) => {
        for (const text of texts) await Promise.all(names.map((of) => world.say(topic, of, text)));
      };
      await sayAll(numbers(20));
      await eventually(() => world.countNoted(group)).toBeGreaterThan(0);
      const speaking = sayAll(numbers(40, 'more '));
      await second.stop();
      await speaking;
      await relay.drained();
      for (const of of names) {
        await eventually(() => world.noted(group, of)).toEqual([
          ...numbers(20),
          ...numbers(40, 'more '),
        ]);
      }
    });

    it.skipIf(name === 'kafka' && kafka?.ours === false)(
      'loses nothing when what carries the events is away for a while',
      async () => {
        await listen();
        const relay = await world.relay(bus);
        await world.say(topic, 'a', ...numbers(5));
        await eventually(() => world.noted(group, 'a')).toHaveLength(5);
        await halt(bus);
        await world.say(topic, 'a', ...numbers(5, 'meanwhile '));
        await world.say(topic, 'b', ...numbers(5));
        const backAt = performance.now() + awayMs;
        await wait(
          'the end of the outage',
          async () => {
            expect(await countPending(world.database, tenant)).toBe(10);
            return performance.now() >= backAt || undefined;
          },
          { withinMs: awayMs + 30_000, everyMs: 500 },
        );
        await resume(bus);
        await relay.drained();
        await eventually(() => world.noted(group, 'a')).toEqual([
          ...numbers(5),
          ...numbers(5, 'meanwhile '),
        ]);
        await eventually(() => world.noted(group, 'b')).toEqual(numbers(5));
      },
      awayMs + 180_000,
    );
  },
);
