/** What stands in a database, as a hash a table, to see that nothing was written. */
import type pg from 'pg';

export type DatabaseState = Readonly<Record<string, string>>;

const tableNames = async (client: pg.Client): Promise<readonly string[]> => {
  const { rows } = await client.query<{ name: string }>(
    `select tablename as name from pg_tables
      where schemaname = 'public' and tablename not like 'migration%' order by 1`,
  );
  return rows.map(({ name }) => name);
};

/** Of all tenants, or of one. */
export async function stateOf(client: pg.Client, tenant?: string): Promise<DatabaseState> {
  const names = await tableNames(client);
  const hashes = names.map(
    (name) =>
      `select '${name}' as name,
              count(*) || ' rows ' ||
              coalesce(md5(string_agg(md5(t::text), '' order by md5(t::text))), '') as hash
         from "${name}" t where $1::text is null or t.tenant = $1`,
  );
  const { rows } = await client.query<{ name: string; hash: string }>(hashes.join(' union all '), [
    tenant ?? null,
  ]);
  return Object.fromEntries(rows.map(({ name, hash }) => [name, hash]));
}

/** Tables with their rows' inserting transaction, newest first. */
export async function tablesWrittenBy(
  client: pg.Client,
  transactionId: string,
): Promise<Readonly<Record<string, number>>> {
  const names = await tableNames(client);
  const counts = names.map(
    (name) =>
      `select '${name}' as name, count(*)::int as count from "${name}" where xmin = $1::text::xid`,
  );
  const { rows } = await client.query<{ name: string; count: number }>(counts.join(' union all '), [
    transactionId,
  ]);
  return Object.fromEntries(
    rows.filter(({ count }) => count > 0).map(({ name, count }) => [name, count]),
  );
}
