/** What a service does by itself, beside its rpcs: it tells, hears, keeps its times, and forgets what is old. */
import { type TimerWorkerOptions, timerWorker } from '@lianbao/persistence';
import type { Bus } from './bus.ts';
import { consumers } from './consumers.ts';
import { dailyHousekeeping, type Forget, scheduleHousekeeping } from './daily.ts';
import type { InboxOptions } from './inbox.ts';
import { relay } from './relay.ts';
import type { Subscription } from './subscription.ts';

export interface BackgroundOptions extends InboxOptions {
  /** Of the database, for the relay's own session. */
  readonly url: string;
  readonly bus: Bus;
  readonly subscriptions: readonly Subscription[];
  readonly timers: TimerWorkerOptions['handlers'];
  /** How long the answers of acts are kept for those who repeat them. */
  readonly idempotencyDays: number;
  /** What the service forgets besides, once a day and tenant, in portions. */
  readonly forget?: Forget;
}

export interface Background {
  running(): boolean;
  /** After the bus has started. */
  start(): Promise<void>;
  /** Ends what runs, and sends what is left. The database stays open. */
  stop(): Promise<void>;
  /** Runs the timers that are due and says how many there were; they run by themselves too. */
  runTimers(): Promise<number>;
}

/** Registers with the bus at once: to be called before the bus starts. */
export function background(options: BackgroundOptions): Background {
  const { database, tenants, clock, idempotencyDays } = options;
  const outbox = relay(options);
  const inbox = consumers(options);
  const daily = dailyHousekeeping(database, idempotencyDays, options.forget);
  const handlers = { ...options.timers, ...daily };
  const timers = timerWorker({ ...options, handlers });
  let running = false;

  return {
    running: () => running,
    start: async () => {
      for (const tenant of tenants) await scheduleHousekeeping(database, tenant, clock());
      await outbox.start();
      inbox.start();
      timers.start();
      running = true;
    },
    stop: async () => {
      running = false;
      await timers.stop();
      await inbox.stop();
      await outbox.stop();
    },
    runTimers: timers.runDue,
  };
}
