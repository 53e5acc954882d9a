/** Who is woken when a transaction that published something has committed: the relays of its database. */
import type { EntityManager } from '@mikro-orm/postgresql';

// Every fork of an entity manager shares the driver, and a database has one.
const sleepers = new WeakMap<object, Set<() => void>>();

/** Returns the act that ends it. */
export function wakeOnPublish(em: EntityManager, wake: () => void): () => void {
  const driver = em.getDriver();
  const of = sleepers.get(driver) ?? new Set();
  sleepers.set(driver, of.add(wake));
  return () => of.delete(wake);
}

export function wakeRelays(em: EntityManager): void {
  for (const wake of sleepers.get(em.getDriver()) ?? []) wake();
}
