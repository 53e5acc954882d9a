import type { Tenant } from '@lianbao/kernel';
import type { Database } from './database.ts';
import { sql } from './sql.ts';
import { transact } from './transact.ts';

const atOnce = 10_000; // Rows a transaction.

/** Where rows that are never changed grow old; the names stand in the code. */
export interface Ageing {
  readonly table: string;
  /** A timestamptz. */
  readonly column: string;
}

/** Deletes the rows from before then, in portions; returns how many. */
export async function forgetRows(
  database: Database,
  tenant: Tenant,
  { table, column }: Ageing,
  before: Date,
): Promise<number> {
  for (let total = 0; ; ) {
    const { affected } = await transact(database, tenant, (em) =>
      sql(
        em,
        `delete from ${table} where ctid = any (array(
           select ctid from ${table} where ${column} < $1 limit $2))`,
        [before, atOnce],
      ),
    );
    total += affected;
    if (affected < atOnce) return total;
  }
}
