/** Where PostgreSQL's time goes, by statement, as pg_stat_statements counts it. */
import pg from 'pg';

export const statementSettings = {
  shared_preload_libraries: 'pg_stat_statements',
  'pg_stat_statements.track_planning': 'on',
} as const;

export async function forgetStatements(adminUrl: string): Promise<void> {
  await ask(adminUrl, 'create extension if not exists pg_stat_statements');
  await ask(adminUrl, 'select pg_stat_statements_reset()');
}

interface Row {
  readonly database: string;
  readonly calls: string;
  readonly exec_ms: string;
  readonly plan_ms: string;
  readonly rows: string;
  readonly blocks: string;
  readonly query: string;
}

/** The costliest first, each with its share of a decision. */
export async function statementLines(
  adminUrl: string,
  decisions: number,
): Promise<readonly string[]> {
  const rows = await ask<Row>(
    adminUrl,
    `select datname as database, calls, total_exec_time as exec_ms, total_plan_time as plan_ms, rows,
       shared_blks_hit + shared_blks_read as blocks, regexp_replace(query, '\\s+', ' ', 'g') as query
       from pg_stat_statements as s join pg_database as d on d.oid = s.dbid
      order by total_exec_time + total_plan_time desc limit 60`,
  );
  const each = (text: string, digits: number) => (Number(text) / decisions).toFixed(digits);
  return [
    'a decision: calls, ms to execute, ms to plan, rows, blocks; database; statement',
    ...rows.map(
      ({ database, calls, exec_ms, plan_ms, rows: count, blocks, query }) =>
        `${each(calls, 2)}\t${each(exec_ms, 3)}\t${each(plan_ms, 3)}\t${each(count, 2)}\t${each(blocks, 1)}\t${database}\t${query.slice(0, 400)}`,
    ),
  ];
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
