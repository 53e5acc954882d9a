import { setTimeout as pause } from 'node:timers/promises';
import type { Tenant } from '@lianbao/kernel';
import { type EntityManager, OptimisticLockError } from '@mikro-orm/postgresql';
import type { Database } from './database.ts';
import { bindSession, inSession, newSession, type Session, sessionOf } from './session.ts';
import { sqlUnawaited } from './sql.ts';

const attemptsMax = 3;
const winnersFirstMs = 10;
const rerunnable = new Set(['40001', '40P01']); // serialization_failure, deadlock_detected

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
  return begin(database, (em) => {
    // First of all, and for this transaction only: row level security shows nothing without it.
    sqlUnawaited(em, `select set_config('app.tenant', $1, true)`, [tenant]);
    return work(em);
  });
}

/** As transact, for work that sets the tenant itself, first of all. */
export async function begin<T>(
  database: Database,
  work: (em: EntityManager) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    const session = newSession();
    try {
      const result = await inSession(session, () => perform(database, session, work));
      for (const act of session.acts) queueMicrotask(act); // An act that throws must not look like a lost commit.
      return result;
    } catch (error) {
      if (attempt === attemptsMax || !lostRace(error)) throw error;
      await pause(winnersFirstMs); // Or we would take away again what the winner waits for.
    }
  }
}

/** Throws the first error there was: those after it only say that the transaction is lost. */
async function perform<T>(
  database: Database,
  session: Session,
  work: (em: EntityManager) => Promise<T>,
): Promise<T> {
  try {
    // A fork of the root, even when this is called from inside another transaction.
    return await database.orm.em.fork({ disableContextResolution: true }).transactional((em) => {
      bindSession(em, session);
      return work(em);
    });
  } catch (error) {
    const sent = await Promise.allSettled(session.unawaited);
    throw sent.find((one) => one.status === 'rejected')?.reason ?? error;
  } finally {
    session.client = undefined;
  }
}

/** Runs `act` once, after the outermost transaction of `em` has committed; never when it has not. */
export function afterCommit(em: EntityManager, act: () => void): void {
  const session = sessionOf(em);
  if (session === undefined) throw new Error('afterCommit is called inside transact only');
  session.acts.push(act);
}

function lostRace(error: unknown): boolean {
  return (
    error instanceof OptimisticLockError ||
    rerunnable.has(String((error as { code?: unknown })?.code))
  );
}
