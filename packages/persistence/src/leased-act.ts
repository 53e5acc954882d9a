/**
 * Timers whose act is long, or calls others, and so runs outside a transaction. The row is leased while
 * it runs and goes when it has ended. A process that dies leaves its lease to run out: the act is then
 * run again, by whoever polls, and must bear that.
 */
import { randomUUID } from 'node:crypto';
import type { Clock, Log, Meter, Tenant } from '@lianbao/kernel';
import type { Database } from './database.ts';
import { type DueTimer, finishLease, leaseDue, renewLease, retryAt, returnLease } from './timer.ts';
import { transact } from './transact.ts';

export interface LeasedHandler {
  /** The signal says that the process is to stop, or that the lease is lost. */
  readonly outside: (
    tenant: Tenant,
    subject: string,
    now: Date,
    signal: AbortSignal,
  ) => Promise<void>;
}

export interface LeasedActs {
  /** Runs what is due, the kinds side by side, one act after the other within a kind. */
  begin(): Promise<number>;
  /** Resolves when nothing runs. */
  ended(): Promise<void>;
}

const renewalsALease = 4;

export function leasedActs(options: {
  readonly database: Database;
  readonly tenants: readonly Tenant[];
  readonly clock: Clock;
  readonly handlers: ReadonlyMap<string, LeasedHandler>;
  readonly log: Log;
  readonly meter: Meter;
  readonly stopping: AbortSignal;
  readonly leaseMs: number;
}): LeasedActs {
  const { database, tenants, clock, handlers, log, meter, stopping, leaseMs } = options;
  const running = new Map<string, Promise<number>>();
  const leaseEnd = (): Date => new Date(clock().getTime() + leaseMs);

  async function runKind(kind: string, handler: LeasedHandler): Promise<number> {
    let done = 0;
    for (const tenant of tenants) {
      while (!stopping.aborted) {
        const lease = randomUUID();
        const timer = await transact(database, tenant, (em) =>
          leaseDue(em, [kind], clock(), lease, leaseEnd()),
        );
        if (timer === undefined) break;
        if (await runLeased(tenant, timer, lease, handler)) done += 1;
      }
    }
    return done;
  }

  async function runLeased(
    tenant: Tenant,
    timer: DueTimer,
    lease: string,
    handler: LeasedHandler,
  ): Promise<boolean> {
    const lost = new AbortController();
    const renewing = setInterval(() => {
      transact(database, tenant, (em) => renewLease(em, lease, leaseEnd())).then(
        (ours) => ours || lost.abort(),
        (error) => log.warn({ error, tenant, ...timer }, 'a lease could not be renewed'),
      );
    }, leaseMs / renewalsALease); // By the machine's clock, for a stepped one may stand still.
    const signal = AbortSignal.any([stopping, lost.signal]);
    try {
      await handler.outside(tenant, timer.subject, clock(), signal);
    } catch (error) {
      await giveBack(tenant, timer, lease, error);
      return false;
    } finally {
      clearInterval(renewing);
    }
    await transact(database, tenant, (em) => finishLease(em, lease));
    meter.count('timer_runs_total', { kind: timer.kind, outcome: 'done' });
    return true;
  }

  async function giveBack(
    tenant: Tenant,
    timer: DueTimer,
    lease: string,
    error: unknown,
  ): Promise<void> {
    const { kind, attempts } = timer;
    const now = clock();
    if (stopping.aborted) {
      await transact(database, tenant, (em) => returnLease(em, lease, now, attempts));
      return;
    }
    log.error({ error, tenant, ...timer }, 'a timer failed and will be tried again');
    meter.count('timer_runs_total', { kind, outcome: 'failed' });
    await transact(database, tenant, (em) =>
      returnLease(em, lease, retryAt(attempts, now), attempts + 1),
    );
  }

  function beginKind(kind: string, handler: LeasedHandler): Promise<number> {
    const known = running.get(kind);
    if (known !== undefined) return known;
    const run = runKind(kind, handler)
      .catch((error) => {
        log.error({ error, kind }, 'the timers of a kind could not be run');
        return 0;
      })
      .finally(() => running.delete(kind));
    running.set(kind, run);
    return run;
  }

  return {
    begin: async () => {
      const counts = await Promise.all([...handlers].map((entry) => beginKind(...entry)));
      return counts.reduce((sum, count) => sum + count, 0);
    },
    ended: async () => {
      await Promise.all(running.values());
    },
  };
}
