/**
 * The bus between processes. Neither Kafka transactions nor the idempotent producer are relied on: one
 * request in flight keeps the order, the inbox drops what comes twice.
 */
import type { Log, Meter } from '@lianbao/kernel';
import { type Message, Partitioners, type TopicMessages } from 'kafkajs';
import type { Bus, BusRecord } from './bus.ts';
import { kafkaClient } from './kafka-client.ts';
import { type KafkaGroup, kafkaGroup } from './kafka-group.ts';

export interface KafkaBusOptions {
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly log: Log;
  readonly meter: Meter;
  /** How long a consumer that was killed keeps its partitions; brokers refuse less than 6,000 as a rule. */
  readonly sessionTimeoutMs?: number;
}

const acksOfAll = -1;

/** Starts without a broker too: it connects as soon as there is one. */
export function kafkaBus(options: KafkaBusOptions): Bus {
  const { brokers, clientId, log, meter, sessionTimeoutMs = 6_000 } = options;
  const kafka = kafkaClient({ brokers, clientId }, log);
  const producer = kafka.producer({
    allowAutoTopicCreation: false,
    idempotent: false,
    maxInFlightRequests: 1,
    createPartitioner: Partitioners.DefaultPartitioner,
    retry: { initialRetryTime: 50, maxRetryTime: 500, retries: 4 },
  });
  const groups = new Map<string, KafkaGroup>();
  let connected: Promise<void> | undefined;

  const connect = (): Promise<void> => {
    connected ??= producer.connect().catch((error) => {
      connected = undefined;
      throw error;
    });
    return connected;
  };

  return {
    send: async (records) => {
      const started = performance.now();
      await connect();
      await producer.sendBatch({ acks: acksOfAll, topicMessages: messagesOf(records) });
      meter.observeSeconds('bus_send_seconds', (performance.now() - started) / 1_000);
    },
    subscribe: (group, topics, take, { gatherMs = 0 } = {}) => {
      if (groups.has(group)) throw new Error(`the group ${group} subscribes twice`);
      groups.set(
        group,
        kafkaGroup({ kafka, group, topics, take, gatherMs, sessionTimeoutMs, log }),
      );
    },
    start: async () => {
      for (const group of groups.values()) group.start();
      await connect().catch((error) => log.warn({ error }, 'no broker yet'));
    },
    stop: async () => {
      await Promise.all([...groups.values()].map((group) => group.stop()));
      await connected?.then(() => producer.disconnect()).catch(() => undefined);
      connected = undefined;
    },
  };
}

function messagesOf(records: readonly BusRecord[]): TopicMessages[] {
  const byTopic = Map.groupBy(records, ({ topic }) => topic);
  return [...byTopic].map(([topic, ofTopic]) => ({ topic, messages: ofTopic.map(messageOf) }));
}

const messageOf = ({ key, headers, value }: BusRecord): Message => ({
  key,
  headers,
  value: Buffer.from(value.buffer, value.byteOffset, value.length),
});
