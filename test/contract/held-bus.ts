import { type Bus, localBus } from '@lianbao/events';

export interface HeldBus extends Bus {
  /** From now on nothing is handed over; what was published waits. */
  hold(): void;
  release(): void;
}

/** The local bus with a barrier before it, to look at what an act wrote before anyone has heard of it. */
export function heldBus(): HeldBus {
  const bus = localBus();
  let open: Promise<void> = Promise.resolve();
  let release = (): void => undefined;
  return {
    ...bus,
    send: async (records) => {
      await open;
      await bus.send(records);
    },
    hold: () => {
      open = new Promise((resolve) => {
        release = resolve;
      });
    },
    release: () => release(),
  };
}
