import { type Log, silentLog } from '@lianbao/kernel';
import { kafkaClient } from './kafka-client.ts';
import { topics } from './topics.ts';

export interface CreateTopicsOptions {
  /** 3 in production; with it `min.insync.replicas` is one less. */
  readonly replicationFactor?: number;
  readonly log?: Log;
}

/** Creates the topics of the list that are not there, and returns their names. Services never create any. */
export async function createTopics(
  brokers: readonly string[],
  { replicationFactor = 1, log = silentLog }: CreateTopicsOptions = {},
): Promise<readonly string[]> {
  const admin = kafkaClient({ brokers, clientId: 'lianbao-topics' }, log).admin();
  await admin.connect();
  try {
    const there = new Set(await admin.listTopics());
    const missing = topics.filter(({ name }) => !there.has(name));
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
    return missing.map(({ name }) => name);
  } finally {
    await admin.disconnect();
  }
}
