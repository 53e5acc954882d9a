import { setTimeout as pause } from 'node:timers/promises';
import { type Log, silentLog } from '@lianbao/kernel';
import type { Admin } from 'kafkajs';
import { kafkaClient } from './kafka-client.ts';
import { type Topic, topics } from './topics.ts';

export interface CreateTopicsOptions {
  /** 3 in production; with it `min.insync.replicas` is one less. */
  readonly replicationFactor?: number;
  /** Other topics than those of the system. */
  readonly list?: readonly Topic[];
  readonly log?: Log;
}

/**
 * Creates the topics of the list that are not there, and returns their names when they can be written
 * to. Services never create any.
 */
export async function createTopics(
  brokers: readonly string[],
  { replicationFactor = 1, list = topics, log = silentLog }: CreateTopicsOptions = {},
): Promise<readonly string[]> {
  const admin = kafkaClient({ brokers, clientId: 'lianbao-topics' }, log).admin();
  await admin.connect();
  try {
    const there = new Set(await admin.listTopics());
    const missing = list.filter(({ name }) => !there.has(name));
    const inSync = String(Math.max(replicationFactor - 1, 1));
    await admin.createTopics({
      waitForLeaders: true,
      topics: missing.map(({ name, partitions, settings }) => ({
        topic: name,
        numPartitions: partitions,
        replicationFactor,
        configEntries: Object.entries({ ...settings, 'min.insync.replicas': inSync }).map(
          ([setting, value]) => ({ name: setting, value }),
        ),
      })),
    });
    for (const { name } of missing) await untilWritable(admin, name);
    return missing.map(({ name }) => name);
  } finally {
    await admin.disconnect();
  }
}

const leadersWithinMs = 30_000;
const askEveryMs = 100;

/** Metadata names a leader before it has opened its partitions; it answers for offsets only then. */
async function untilWritable(admin: Admin, topic: string): Promise<void> {
  const deadline = performance.now() + leadersWithinMs;
  for (;;) {
    try {
      await admin.fetchTopicOffsets(topic);
      return;
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await pause(askEveryMs);
    }
  }
}
