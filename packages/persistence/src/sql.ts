import type { EntityManager } from '@mikro-orm/postgresql';
import { CompiledQuery, type ControlledTransaction } from 'kysely';

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
  const transaction = em.getTransactionContext<ControlledTransaction<unknown>>();
  if (transaction === undefined) throw new Error('SQL by hand runs inside transact only');
  const { rows, numAffectedRows } = await transaction.executeQuery<Row>(
    CompiledQuery.raw(text, [...values]),
  );
  return { rows, affected: Number(numAffectedRows ?? rows.length) };
}
