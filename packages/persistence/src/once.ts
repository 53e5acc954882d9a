/**
 * An act is done once (api.md 1.3): key, fingerprint and answer commit with the effect, and the same act
 * again gets the stored bytes. Only success is stored.
 */
import { type Act, Answer, callerKey, commonRefusals, type Tenant } from '@lianbao/kernel';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Database } from './database.ts';
import { forgetRows } from './forget.ts';
import { sql, sqlUnawaited } from './sql.ts';
import { begin, transact } from './transact.ts';

const retryAfterMs = 200;

interface Stored {
  readonly locked: boolean;
  readonly stored_fingerprint: string | null;
  readonly stored_answer: Buffer | null;
}

/** Refuses REQUEST_IN_PROGRESS and REQUEST_ID_REUSED; an act without a request id is not recognised again. */
export async function once<Result>(
  database: Database,
  act: Act<Result>,
  now: Date,
  work: (em: EntityManager) => Promise<Result>,
): Promise<Answer> {
  const { tenant } = act.caller;
  const perform = async (em: EntityManager): Promise<Uint8Array> => {
    const result = await work(em);
    await em.flush(); // What the answer says, a revision for one, is what will be stored.
    return act.encode(result);
  };
  if (act.validateOnly) return rehearse(database, tenant, perform);
  if (act.requestId === undefined) {
    return new Answer(await transact(database, tenant, perform), false);
  }
  const key = [callerKey(act.caller), act.method, act.requestId];
  return begin(database, async (em) => {
    const stored = await lookUp(em, act, key);
    if (stored !== undefined) return new Answer(stored, true);
    const answer = await perform(em);
    sqlUnawaited(
      em,
      `insert into idempotency (caller, method, request_id, fingerprint, answer, created_at)
       values ($1, $2, $3, $4, $5, $6)`,
      [...key, act.fingerprint, Buffer.from(answer), now],
    );
    return new Answer(answer, false);
  });
}

async function lookUp(
  em: EntityManager,
  { caller, fingerprint }: Act<never>,
  key: readonly string[],
): Promise<Uint8Array | undefined> {
  const { rows } = await sql<Stored>(
    em,
    'select locked, stored_fingerprint, stored_answer from begin_act($1, $2, $3, $4)',
    [caller.tenant, ...key],
  );
  const [{ locked, stored_fingerprint, stored_answer }] = rows as [Stored];
  if (!locked) throw commonRefusals.REQUEST_IN_PROGRESS({}, { retryAfterMs });
  if (stored_answer === null) return undefined;
  if (stored_fingerprint !== fingerprint) throw commonRefusals.REQUEST_ID_REUSED();
  return stored_answer;
}

/** Carries an answer out of a transaction that must not commit. */
class Rehearsed extends Error {
  readonly answer: Uint8Array;

  constructor(answer: Uint8Array) {
    super('rolled back on purpose');
    this.answer = answer;
  }
}

async function rehearse(
  database: Database,
  tenant: Tenant,
  perform: (em: EntityManager) => Promise<Uint8Array>,
): Promise<Answer> {
  try {
    return await transact(database, tenant, async (em) => {
      const answer = await perform(em);
      await sql(em, 'set constraints all immediate'); // What a commit would check.
      throw new Rehearsed(answer);
    });
  } catch (error) {
    if (error instanceof Rehearsed) return new Answer(error.answer, false);
    throw error;
  }
}

/** Deletes the answers of acts from before then, in portions; returns how many. */
export const forgetOldAnswers = (
  database: Database,
  tenant: Tenant,
  before: Date,
): Promise<number> =>
  forgetRows(database, tenant, { table: 'idempotency', column: 'created_at' }, before);
