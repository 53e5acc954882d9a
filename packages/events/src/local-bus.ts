/**
 * The bus of one process. An event is acknowledged when every subscription's inbox transaction has
 * committed, not at hand-over, so that a process that is killed loses nothing.
 */
import type { Bus, BusRecord } from './bus.ts';
import { type Intake, intake } from './intake.ts';

export function localBus(): Bus {
  const groups: { readonly topics: ReadonlySet<string>; readonly intake: Intake }[] = [];
  let running = false;

  const handTo = async (
    { topics, intake: into }: (typeof groups)[number],
    records: readonly BusRecord[],
  ): Promise<void> => {
    const heard = records.filter(({ topic }) => topics.has(topic));
    if (heard.length > 0) await into.add(heard);
  };

  return {
    send: async (records) => {
      if (!running) throw new Error('the local bus is not running');
      const results = await Promise.allSettled(groups.map((group) => handTo(group, records)));
      const failed = results.find(({ status }) => status === 'rejected');
      if (failed?.status === 'rejected') throw failed.reason;
    },
    subscribe: (_group, topics, take) => {
      if (running) throw new Error('a group subscribes before the bus starts');
      groups.push({ topics: new Set(topics), intake: intake(take) });
    },
    start: async () => {
      running = true;
    },
    stop: async () => {
      running = false;
      await Promise.all(groups.map((group) => group.intake.idle()));
    },
  };
}
