/** What the services write for a decision, as PostgreSQL itself counts it. */
import pg from 'pg';

export interface TableWrites {
  readonly database: string;
  readonly table: string;
  readonly inserted: number;
  readonly updated: number;
  readonly deleted: number;
}

export interface Writes {
  readonly tables: readonly TableWrites[];
  /** Transactions that wrote something. */
  readonly transactions: number;
  readonly walBytes: number;
}

interface Row {
  readonly table: string;
  readonly inserted: string;
  readonly updated: string;
  readonly deleted: string;
}

/** All that was written so far. Sessions tell their counts within ten seconds. */
export async function writesIn(databases: Readonly<Record<string, string>>): Promise<Writes> {
  const tables: TableWrites[] = [];
  for (const [database, url] of Object.entries(databases)) {
    const rows = await ask<Row>(
      url,
      `select relname as table, n_tup_ins as inserted, n_tup_upd as updated, n_tup_del as deleted
         from pg_stat_user_tables where schemaname = 'public'`,
    );
    for (const row of rows) {
      const [inserted, updated, deleted] = [row.inserted, row.updated, row.deleted].map(Number);
      tables.push({ database, table: row.table, ...counts(inserted, updated, deleted) });
    }
  }
  const [url = ''] = Object.values(databases);
  const [server] = await ask<{ transactions: string; wal: string }>(
    url,
    `select pg_snapshot_xmax(pg_current_snapshot())::text as transactions,
       pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::text as wal`,
  );
  return {
    tables,
    transactions: Number(server?.transactions),
    walBytes: Number(server?.wal),
  };
}

const counts = (inserted = 0, updated = 0, deleted = 0) => ({ inserted, updated, deleted });

/** What was written between two looks, a decision. */
export function writesPerDecision(before: Writes, after: Writes, decisions: number): Writes {
  const key = ({ database, table }: TableWrites) => `${database}.${table}`;
  const earlier = new Map(before.tables.map((each) => [key(each), each]));
  const each = (now: number, then = 0) => (now - then) / decisions;
  const tables = after.tables.map((now) => {
    const then = earlier.get(key(now));
    return {
      ...now,
      inserted: each(now.inserted, then?.inserted),
      updated: each(now.updated, then?.updated),
      deleted: each(now.deleted, then?.deleted),
    };
  });
  return {
    tables: tables.filter(({ inserted, updated, deleted }) => inserted + updated + deleted > 0.02),
    transactions: each(after.transactions, before.transactions),
    walBytes: each(after.walBytes, before.walBytes),
  };
}

async function ask<R extends pg.QueryResultRow>(url: string, text: string): Promise<R[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<R>(text)).rows;
  } finally {
    await client.end();
  }
}
