/** What is done to the tables of events now and then, tenant by tenant. */
import type { Tenant } from '@lianbao/kernel';
import { type Database, forgetRows, sql, transact } from '@lianbao/persistence';

/** Forgets, in portions, the ids of events taken in before; thirty days are kept as a rule. Positions stay for ever. */
export const forgetInboxIds = (database: Database, tenant: Tenant, before: Date): Promise<number> =>
  forgetRows(database, tenant, { table: 'inbox', column: 'taken_at' }, before);

/**
 * Raises the epoch after this database was restored to an earlier moment; returns the new one. `above`
 * is the highest epoch any consumer knows, for a restore to before the last raise. The relay rests.
 */
export async function raiseEpoch(database: Database, tenant: Tenant, above = 0n): Promise<bigint> {
  const { rows } = await transact(database, tenant, (em) =>
    sql<{ epoch: string }>(
      em,
      `insert into outbox_epoch as o (epoch) values ($1::bigint + 1)
       on conflict (tenant) do update set epoch = greatest(o.epoch, $1::bigint) + 1
       returning epoch`,
      [above],
    ),
  );
  return BigInt(rows[0]?.epoch ?? 0n);
}

/** How many events the bus has not acknowledged. */
export async function countPending(database: Database, tenant: Tenant): Promise<number> {
  const { rows } = await transact(database, tenant, (em) =>
    sql<{ count: number }>(em, 'select count(*)::integer as count from outbox_pending'),
  );
  return rows[0]?.count ?? 0;
}
