import { createTopics, kafkaBus, topics } from '@lianbao/events';
import { silentMeter } from '@lianbao/kernel';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { kafkaForTests } from '../../support/kafka.ts';
import { log } from './world.ts';

const kafka = await kafkaForTests();
afterAll(() => kafka?.stop());

describe.runIf(kafka)('Kafka', () => {
  const brokers = kafka?.brokers ?? [];

  it('gets the topics of the list, once', async () => {
    const names = topics.map(({ name }) => name);
    await createTopics(brokers);
    expect(await createTopics(brokers)).toEqual([]);
    expect(names).toHaveLength(9);
  });

  it('starts a new group at the earliest record, and a group that comes back where it left', async () => {
    const bus = () => {
      const made = kafkaBus({ brokers, clientId: 'test', log, meter: silentMeter });
      onTestFinished(() => made.stop());
      return made;
    };
    const topic = 'lianbao.policy.v1';
    const record = (text: string) => ({ topic, key: text, headers: {}, value: Buffer.from(text) });
    const hear = async (group: string, heard: string[]) => {
      const one = bus();
      one.subscribe(group, [topic], async (records) => {
        heard.push(...records.map(({ key }) => key));
      });
      await one.start();
      return one;
    };
    const speaker = bus();
    await speaker.start();
    await speaker.send([record('a'), record('b')]);
    const first: string[] = [];
    const consumer = await hear(`late-${Date.now()}`, first);
    await expect.poll(() => first.toSorted(), { timeout: 30_000 }).toEqual(['a', 'b']);
    await consumer.stop();
    const again: string[] = [];
    const group = `later-${Date.now()}`;
    const before = await hear(group, again);
    await expect.poll(() => again.length, { timeout: 30_000 }).toBe(2);
    await before.stop();
    await speaker.send([record('c')]);
    await hear(group, again);
    await expect.poll(() => again.toSorted(), { timeout: 30_000 }).toEqual(['a', 'b', 'c']);
  });

  it('hands back what was not taken, until it is', async () => {
    const bus = kafkaBus({ brokers, clientId: 'test', log, meter: silentMeter });
    onTestFinished(() => bus.stop());
    const topic = 'lianbao.consent.v1';
    const attempts: string[] = [];
    bus.subscribe(`shaky-${Date.now()}`, [topic], async ([first]) => {
      attempts.push(first?.key ?? '');
      if (attempts.length < 3) throw new Error('database away');
    });
    await bus.start();
    await bus.send([{ topic, key: 'a', headers: {}, value: Buffer.from('a') }]);
    await expect.poll(() => attempts, { timeout: 30_000 }).toEqual(['a', 'a', 'a']);
  });
});
