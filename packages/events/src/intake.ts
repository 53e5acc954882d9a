/**
 * Hands records to a consumer group one batch at a time. What arrives while a batch is being taken
 * forms the next one, so that batches grow with the load and a lone record does not wait.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { BusRecord, Take } from './bus.ts';

export interface Intake {
  /** Resolves when the records are taken; rejects when the batch they were in was not. */
  add(records: readonly BusRecord[]): Promise<void>;
  /** Resolves when nothing is in hand. */
  idle(): Promise<void>;
}

interface Waiting {
  readonly records: readonly BusRecord[];
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

const batchMax = 500;

export function intake(take: Take, gatherMs = 0): Intake {
  const queue: Waiting[] = [];
  let working: Promise<void> | undefined;

  const nextBatch = (): readonly Waiting[] => {
    let count = 0;
    const end = queue.findIndex(({ records }, index) => {
      count += records.length;
      return index > 0 && count > batchMax;
    });
    return queue.splice(0, end === -1 ? queue.length : end);
  };

  const work = async (): Promise<void> => {
    await Promise.resolve(); // Those who add in the same turn come along.
    while (queue.length > 0) {
      if (gatherMs > 0) await pause(gatherMs);
      const batch = nextBatch();
      try {
        await take(batch.flatMap(({ records }) => records));
        for (const { done } of batch) done();
      } catch (error) {
        for (const { failed } of batch) failed(error);
      }
    }
    working = undefined;
  };

  return {
    add: (records) => {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      queue.push({ records, done: resolve, failed: reject });
      working ??= work();
      return promise;
    },
    idle: async () => working,
  };
}
