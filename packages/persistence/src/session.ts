/** A transaction in hand: its connection, what waits for its commit, and statements nobody waits for. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { EntityManager } from '@mikro-orm/postgresql';
import type pg from 'pg';

export interface Session {
  /** From the begin to the end of the transaction. */
  client: Pick<pg.Client, 'query'> | undefined;
  readonly acts: (() => void)[];
  readonly unawaited: Promise<unknown>[];
}

const inHand = new AsyncLocalStorage<Session>();
const ofManager = new WeakMap<EntityManager, Session>();

export const newSession = (): Session => ({ client: undefined, acts: [], unawaited: [] });

export const inSession = <T>(session: Session, work: () => Promise<T>): Promise<T> =>
  inHand.run(session, work);

/** Called by the connection that begins. */
export function joinSession(client: pg.Client): void {
  const session = inHand.getStore();
  if (session !== undefined) session.client = client;
}

export const bindSession = (em: EntityManager, session: Session): void => {
  ofManager.set(em, session);
};

/** A savepoint's em is another one, and is found by the call it is used in. */
export const sessionOf = (em: EntityManager): Session | undefined =>
  ofManager.get(em) ?? inHand.getStore();
