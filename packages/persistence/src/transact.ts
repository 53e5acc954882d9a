import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import type { Tenant } from '@lianbao/kernel';
import { type EntityManager, OptimisticLockError } from '@mikro-orm/postgresql';
import type { Database } from './database.ts';
import { sql } from './sql.ts';

const attemptsMax = 3;
const winnersFirstMs = 10;
const rerunnable = new Set(['40001', '40P01']); // serialization_failure, deadlock_detected

type Act = () => void;
const actsOfManager = new WeakMap<EntityManager, Act[]>();
const actsInHand = new AsyncLocalStorage<Act[]>(); // For a savepoint's em, which is another one.

/**
 * Begins, commits, and begins again, three times at most, when another transaction won. So `work` may
 * run more than once, and must have no effect outside the database but through `afterCommit`.
 */
export async function transact<T>(
  database: Database,
  tenant: Tenant,
  work: (em: EntityManager) => Promise<T>,
): Promise<T> {
  if (tenant === '') throw new Error('a transaction needs a tenant');
  return begin(database, async (em) => {
    // First of all, and for this transaction only: row level security shows nothing without it.
    const told = sql(em, `select set_config('app.tenant', $1, true)`, [tenant]);
    // Not waited for, as little as the begin: who sends in order is answered in order.
    const [said, done] = await Promise.allSettled([told, work(em)]);
    if (said.status === 'rejected') throw said.reason;
    if (done.status === 'rejected') throw done.reason;
    return done.value;
  });
}

/** As transact, for work that sets the tenant itself, first of all. */
export async function begin<T>(
  database: Database,
  work: (em: EntityManager) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    const acts: Act[] = [];
    try {
      // A fork of the root, even when this is called from inside another transaction.
      const result = await database.orm.em
        .fork({ disableContextResolution: true })
        .transactional((em) => {
          actsOfManager.set(em, acts);
          return actsInHand.run(acts, () => work(em));
        });
      for (const act of acts) queueMicrotask(act); // An act that throws must not look like a lost commit.
      return result;
    } catch (error) {
      if (attempt === attemptsMax || !lostRace(error)) throw error;
      await pause(winnersFirstMs); // Or we would take away again what the winner waits for.
    }
  }
}

/** Runs `act` once, after the outermost transaction of `em` has committed; never when it has not. */
export function afterCommit(em: EntityManager, act: () => void): void {
  const acts = actsOfManager.get(em) ?? actsInHand.getStore();
  if (acts === undefined) throw new Error('afterCommit is called inside transact only');
  acts.push(act);
}

function lostRace(error: unknown): boolean {
  return (
    error instanceof OptimisticLockError ||
    rerunnable.has(String((error as { code?: unknown })?.code))
  );
}
