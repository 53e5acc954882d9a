/**
 * One consumer group on Kafka. All partitions that a fetch brought are taken together, so that a batch
 * is one transaction; offsets are committed after it, and late ones cost only duplicates.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Log } from '@lianbao/kernel';
import type { EachBatchPayload, Kafka } from 'kafkajs';
import type { BusRecord, Take } from './bus.ts';
import { intake } from './intake.ts';

export interface KafkaGroup {
  start(): void;
  /** Leaves the group after the batch in hand. */
  stop(): Promise<void>;
}

export interface KafkaGroupOptions {
  readonly kafka: Kafka;
  readonly group: string;
  readonly topics: readonly string[];
  readonly take: Take;
  readonly gatherMs: number;
  /** After that long without a heartbeat the group gives this consumer's partitions to others. */
  readonly sessionTimeoutMs: number;
  readonly log: Log;
}

const partitionsPerTopic = 24;
const sliceMax = 200;
const commitEveryMs = 500;
const heartbeatMs = 1_000;
const pauseMsMin = 100;
const pauseMsMax = 5_000;

export function kafkaGroup(options: KafkaGroupOptions): KafkaGroup {
  const { kafka, group, topics, take, gatherMs, sessionTimeoutMs, log } = options;
  const into = intake(take, gatherMs);
  const ending = new AbortController();
  let running: Promise<void> | undefined;
  let inHand = 0;
  let beating: NodeJS.Timeout | undefined;
  let restMs = pauseMsMin;

  const rest = async (): Promise<void> => {
    await pause(restMs, undefined, { signal: ending.signal }).catch(() => undefined);
    restMs = Math.min(restMs * 2, pauseMsMax);
  };

  const committer = offsetCommitter(log.child({ group }));

  const eachBatch = async (payload: EachBatchPayload): Promise<void> => {
    const { batch, resolveOffset, isRunning } = payload;
    inHand += 1;
    // A rebalance makes it fail; kafkajs joins again as soon as the batches in hand are through.
    beating ??= setInterval(() => payload.heartbeat().catch(() => undefined), heartbeatMs);
    try {
      for (let from = 0; from < batch.messages.length && isRunning(); from += sliceMax) {
        const slice = batch.messages.slice(from, from + sliceMax);
        await into.add(slice.map((message) => recordOf(batch.topic, message)));
        const last = slice.at(-1);
        if (last !== undefined) resolveOffset(last.offset);
        restMs = pauseMsMin;
        await committer.taken(payload, ending.signal.aborted);
      }
    } catch (error) {
      // Not resolved, so fetched again.
      log.warn({ group, topic: batch.topic, partition: batch.partition, error }, 'batch not taken');
      await rest();
    } finally {
      inHand -= 1;
      if (inHand === 0) {
        clearInterval(beating);
        beating = undefined;
      }
    }
  };

  const consume = async (): Promise<void> => {
    const crashed = Promise.withResolvers<unknown>();
    const opened = kafka.consumer({
      groupId: group,
      allowAutoTopicCreation: false,
      sessionTimeout: sessionTimeoutMs,
      rebalanceTimeout: 30_000,
      heartbeatInterval: heartbeatMs,
      minBytes: 1,
      maxWaitTimeInMs: 500,
      retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 4, restartOnFailure: never },
    });
    opened.on(opened.events.CRASH, ({ payload }) => crashed.resolve(payload.error));
    try {
      await opened.connect();
      await opened.subscribe({ topics: [...topics], fromBeginning: true });
      await opened.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: partitionsPerTopic * topics.length,
        eachBatch,
      });
      const error = await Promise.race([crashed.promise, aborted(ending.signal)]);
      if (error !== undefined) throw error;
    } finally {
      await committer.commit();
      await opened.disconnect().catch(() => undefined);
    }
  };

  const run = async (): Promise<void> => {
    while (!ending.signal.aborted) {
      try {
        await consume();
      } catch (error) {
        log.warn({ group, error }, 'consumer starts again');
        await rest();
      }
    }
  };

  return {
    start: () => {
      running ??= run();
    },
    stop: async () => {
      ending.abort();
      await running;
      await into.idle();
    },
  };
}

const never = async (): Promise<boolean> => false;

const aborted = (signal: AbortSignal): Promise<undefined> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });

interface Committer {
  taken(payload: EachBatchPayload, atOnce: boolean): Promise<void>;
  commit(): Promise<void>;
}

/** Commits what was taken every half second. A commit that fails is made up for by the next. */
function offsetCommitter(log: Log): Committer {
  let latest: EachBatchPayload | undefined;
  let timer: NodeJS.Timeout | undefined;

  const commit = async (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    const payload = latest;
    latest = undefined;
    try {
      await payload?.commitOffsetsIfNecessary(payload.uncommittedOffsets());
    } catch (error) {
      log.debug({ error }, 'offsets not committed');
    }
  };

  return {
    taken: async (payload, atOnce) => {
      latest = payload;
      if (atOnce) await commit();
      else timer ??= setTimeout(() => void commit(), commitEveryMs);
    },
    commit,
  };
}

interface KafkaMessage {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers?: Readonly<Record<string, unknown>>;
}

const recordOf = (topic: string, { key, value, headers = {} }: KafkaMessage): BusRecord => ({
  topic,
  key: key?.toString() ?? '',
  headers: Object.fromEntries(
    Object.entries(headers).map(([name, text]) => [name, String(text ?? '')]),
  ),
  value: value ?? new Uint8Array(),
});
