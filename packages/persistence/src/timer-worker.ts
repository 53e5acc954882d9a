import type { Clock, Log, Meter, Tenant } from '@lianbao/kernel';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Database } from './database.ts';
import { type LeasedHandler, leasedActs } from './leased-act.ts';
import { claimDue, type DueTimer, finishDue, putOff } from './timer.ts';
import { transact } from './transact.ts';

/**
 * Its effect commits with the end of the timer; it may set the same timer anew. It locks its subject
 * and looks whether anything is due: the timer may have been moved or cleared while it waited.
 */
export type TimerHandler = (
  em: EntityManager,
  subject: string,
  now: Date,
  tenant: Tenant,
) => Promise<void>;

export interface TimerWorkerOptions {
  readonly database: Database;
  readonly tenants: readonly Tenant[];
  readonly clock: Clock;
  readonly handlers: Readonly<Record<string, TimerHandler | LeasedHandler>>;
  readonly log: Log;
  readonly meter: Meter;
  readonly intervalMs?: number;
  /** After so long a leased act whose process died is run again. */
  readonly leaseMs?: number;
}

export interface TimerWorker {
  /** Runs what is due, waits for it, leased acts included, and says how many ended well. */
  runDue(): Promise<number>;
  /** Polls from now on. Leased acts run beside it and do not hold up the others. */
  start(): void;
  /** Begins nothing more; resolves when what runs has ended. Leased acts get their signal. */
  stop(): Promise<void>;
}

const atOnceMax = 1_000; // Rows a tenant and poll: nobody else waits longer for one who has many.

/** Works through the tenants' due timers of the kinds that have a handler. Any number of workers may. */
export function timerWorker(options: TimerWorkerOptions): TimerWorker {
  const { database, tenants, clock, log, meter, intervalMs = 1_000, leaseMs = 60_000 } = options;
  const inside = new Map<string, TimerHandler>();
  const outside = new Map<string, LeasedHandler>();
  for (const [kind, handler] of Object.entries(options.handlers)) {
    if (typeof handler === 'function') inside.set(kind, handler);
    else outside.set(kind, handler);
  }
  const kinds = [...inside.keys()];
  const stop = new AbortController();
  const stopping = stop.signal;
  const leased = leasedActs({
    database,
    tenants,
    clock,
    handlers: outside,
    log,
    meter,
    stopping,
    leaseMs,
  });

  // True: one ran. False: one failed and was put off. Undefined: none is due.
  async function runOne(tenant: Tenant): Promise<boolean | undefined> {
    const now = clock();
    let timer: DueTimer | undefined;
    try {
      await transact(database, tenant, async (em) => {
        const claimed = await claimDue(em, kinds, now);
        timer = claimed;
        if (claimed === undefined) return;
        await inside.get(claimed.kind)?.(em, claimed.subject, now, tenant);
        await finishDue(em, claimed);
      });
    } catch (error) {
      if (timer === undefined) throw error; // The database, not a handler.
      const failed = timer;
      log.error({ error, tenant, ...failed }, 'a timer failed and will be tried again');
      meter.count('timer_runs_total', { kind: failed.kind, outcome: 'failed' });
      await transact(database, tenant, (em) => putOff(em, failed, now));
      return false;
    }
    if (timer === undefined) return undefined;
    meter.count('timer_runs_total', { kind: timer.kind, outcome: 'done' });
    meter.observeSeconds('timer_late_seconds', timer.lateMs / 1_000, { kind: timer.kind });
    return true;
  }

  async function runInside(): Promise<number> {
    let done = 0;
    if (kinds.length === 0) return done;
    for (const tenant of tenants) {
      for (let count = 0; count < atOnceMax && !stopping.aborted; count += 1) {
        const ran = await runOne(tenant);
        if (ran === undefined) break;
        if (ran) done += 1;
      }
    }
    return done;
  }

  let next: NodeJS.Timeout | undefined;
  let polling: Promise<void> = Promise.resolve();
  async function poll(): Promise<void> {
    try {
      void leased.begin();
      await runInside();
    } catch (error) {
      log.error({ error }, 'the timers could not be polled');
    }
    if (!stopping.aborted) schedule();
  }
  function schedule(): void {
    next = setTimeout(() => {
      polling = poll();
    }, intervalMs);
  }

  return {
    runDue: async () => {
      const outsideDone = leased.begin();
      const [insideDone] = await Promise.all([runInside(), outsideDone]);
      return insideDone + (await outsideDone);
    },
    start: () => {
      polling = poll();
    },
    stop: async () => {
      stop.abort();
      clearTimeout(next);
      await Promise.all([polling, leased.ended()]);
    },
  };
}
