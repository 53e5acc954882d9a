/**
 * Tells watchers of changes to applications: at once of those this process committed, and of others
 * by one question for all that are watched, each 500 ms.
 */
import type { Log, Tenant, Uid } from '@lianbao/kernel';
import { type Database, sql, transact } from '@lianbao/persistence';
import type { Changes } from '../application/ports.ts';

const pollMs = 500;

interface Watcher {
  readonly tenant: Tenant;
  readonly uid: Uid;
  readonly revision: bigint;
  readonly wake: () => void;
}

interface ChangeHub extends Changes {
  changed(uid: string): void;
  stop(): void;
}

/** Of these applications, as they are stored now. */
type Revisions = (tenant: Tenant, uids: readonly Uid[]) => Promise<ReadonlyMap<string, bigint>>;

export function changeHub(revisionsOf: Revisions, log: Log): ChangeHub {
  const watchers = new Set<Watcher>();
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  const schedule = (): void => {
    if (timer !== undefined || stopped || watchers.size === 0) return;
    timer = setTimeout(() => {
      timer = undefined;
      void poll().finally(schedule);
    }, pollMs);
    timer.unref();
  };

  async function poll(): Promise<void> {
    for (const [tenant, group] of Map.groupBy(watchers, (each) => each.tenant)) {
      try {
        const uids = group.map(({ uid }) => uid);
        const revisions = await revisionsOf(tenant, uids);
        for (const { uid, revision, wake } of group) {
          if (revisions.get(uid) !== revision) wake();
        }
      } catch (error) {
        log.warn({ tenant, error }, 'watched applications could not be looked at');
      }
    }
  }

  return {
    next: ({ tenant, uid, revision }, waitMs, signal) =>
      new Promise((resolve) => {
        const wake = () => {
          watchers.delete(watcher);
          clearTimeout(limit);
          signal.removeEventListener('abort', wake);
          resolve(!stopped);
        };
        const watcher: Watcher = { tenant, uid, revision, wake };
        const limit = setTimeout(wake, waitMs);
        signal.addEventListener('abort', wake, { once: true });
        watchers.add(watcher);
        if (signal.aborted || stopped) wake();
        else schedule();
      }),

    changed: (uid) => {
      for (const watcher of watchers) if (watcher.uid === uid) watcher.wake();
    },

    stop: () => {
      stopped = true;
      clearTimeout(timer);
      for (const { wake } of watchers) wake();
    },
  };
}

export const revisionsIn =
  (database: Database): Revisions =>
  async (tenant, uids) => {
    const { rows } = await transact(database, tenant, (em) =>
      sql<{ uid: string; revision: string }>(
        em,
        'select uid, revision from application where uid = any ($1)',
        [uids],
      ),
    );
    return new Map(rows.map(({ uid, revision }) => [uid, BigInt(revision)]));
  };
