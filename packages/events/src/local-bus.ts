/**
 * The bus of one process. An event is acknowledged when every subscription's inbox transaction has
 * committed, not at hand-over, so that a process that is killed loses nothing.
 */
import type { Bus, BusRecord } from './bus.ts';
import { type Intake, intake } from './intake.ts';

interface Listener {
  readonly topics: ReadonlySet<string>;
  readonly intake: Intake;
}

export function localBus(): Bus {
  const groups = new Map<string, Listener>();
  let running = false;

  const handTo = async (
    { topics, intake: into }: Listener,
    records: readonly BusRecord[],
  ): Promise<void> => {
    const heard = records.filter(({ topic }) => topics.has(topic));
    if (heard.length > 0) await into.add(heard);
  };

  return {
    send: async (records) => {
      if (!running) throw new Error('the local bus is not running');
      const results = await Promise.allSettled(
        [...groups.values()].map((group) => handTo(group, records)),
      );
      const failed = results.find(({ status }) => status === 'rejected');
      if (failed?.status === 'rejected') throw failed.reason;
    },
    subscribe: (group, topics, take) => {
      if (groups.has(group)) throw new Error(`the group ${group} subscribes twice`);
      groups.set(group, { topics: new Set(topics), intake: intake(take) });
    },
    start: async () => {
      running = true;
    },
    stop: async () => {
      running = false;
      await Promise.all([...groups.values()].map((group) => group.intake.idle()));
    },
  };
}
