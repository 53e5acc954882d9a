import type { EntityManager } from '@mikro-orm/postgresql';
import type pg from 'pg';
import { type Session, sessionOf } from './session.ts';

/**
 * Runs hand-written SQL, with $1 parameters, on the connection of the transaction of `em`. Columns come
 * as pg gives them: int8 and numeric as text, timestamptz as text, bytea as Buffer. Changes that wait
 * in `em` are not flushed first.
 */
export async function sql<Row>(
  em: EntityManager,
  text: string,
  values: readonly unknown[] = [],
): Promise<{ rows: Row[]; affected: number }> {
  const { rows, rowCount } = await send(openSession(em), text, values);
  return { rows: rows as Row[], affected: rowCount ?? rows.length };
}

/**
 * As sql, for a statement whose rows nobody needs: it goes out with what is sent next, the commit
 * perhaps, and does not cost a round trip of its own. Where it fails, the transaction fails with its error.
 */
export function sqlUnawaited(em: EntityManager, text: string, values: readonly unknown[]): void {
  const session = openSession(em);
  const sent = send(session, text, values);
  sent.catch(() => undefined); // Told to whoever waits for the transaction.
  session.unawaited.push(sent);
}

type OpenSession = Session & { readonly client: NonNullable<Session['client']> };

function openSession(em: EntityManager): OpenSession {
  const session = sessionOf(em);
  if (session?.client === undefined) throw new Error('SQL by hand runs inside transact only');
  return session as OpenSession;
}

const send = (
  { client }: OpenSession,
  text: string,
  values: readonly unknown[],
): Promise<pg.QueryResult> => client.query(text, [...values]);
