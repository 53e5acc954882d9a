/** The buses that the conformance suite is run against. */
import { type Bus, createTopics, kafkaBus, localBus } from '@lianbao/events';
import { silentMeter } from '@lianbao/kernel';
import { Kafka, logLevel } from 'kafkajs';
import { onTestFinished } from 'vitest';
import type { TestKafka } from '../../support/kafka.ts';
import { log } from './world.ts';

export interface Buses {
  /** A topic nobody has spoken on. */
  newTopic(): Promise<string>;
  /** The bus of a process; stopped with the test. */
  newBus(): Bus;
  /** Takes what carries the events away, and brings it back. */
  halt(bus: Bus): Promise<void>;
  resume(bus: Bus): Promise<void>;
  /** How long it is away in tests. */
  readonly awayMs: number;
}

/** Those of a machine: Kafka's only where there is a broker. */
export const busesWith = (
  kafka: TestKafka | undefined,
): readonly (readonly [name: string, Buses])[] => [
  ['local', localBuses],
  ...(kafka === undefined ? [] : [['kafka', kafkaBuses(kafka)] as const]),
];

const localBuses: Buses = {
  newTopic: async () => 'lianbao.thing.v1',
  newBus: () => stopped(localBus()),
  halt: (bus) => bus.stop(),
  resume: (bus) => bus.start(),
  awayMs: 3_000,
};

let topicNumber = 0;

const kafkaBuses = (kafka: TestKafka): Buses => ({
  newTopic: async () => {
    topicNumber += 1;
    const topic = `lianbao.thing-${process.pid}-${topicNumber}-${Date.now()}.v1`;
    await createTopics(kafka.brokers, { list: [{ name: topic, partitions: 6, settings: {} }] });
    return topic;
  },
  newBus: () =>
    stopped(
      kafkaBus({
        brokers: kafka.brokers,
        clientId: 'events-test',
        log,
        meter: silentMeter,
        sessionTimeoutMs: kafka.ours ? 3_000 : 6_000,
      }),
    ),
  halt: () => kafka.halt(),
  resume: () => kafka.resume(),
  awayMs: Number(process.env.BROKER_OUTAGE_MS ?? 60_000),
});

/** How many records the broker holds. */
export async function recordsIn({ brokers }: TestKafka, topic: string): Promise<number> {
  const client = new Kafka({
    brokers: [...brokers],
    clientId: 'admin',
    logLevel: logLevel.NOTHING,
  });
  const admin = client.admin();
  await admin.connect();
  try {
    const offsets = await admin.fetchTopicOffsets(topic);
    return offsets.reduce((sum, { high, low }) => sum + Number(high) - Number(low), 0);
  } finally {
    await admin.disconnect();
  }
}

function stopped(bus: Bus): Bus {
  onTestFinished(() => bus.stop());
  return bus;
}
