/** A copy of a service's table, without its wall between tenants, and statements that write its real rows. */
import type pg from 'pg';
import type { TableWrites } from './row-writes.ts';

export interface Statement {
  readonly name: string;
  readonly text: string;
  readonly values: readonly unknown[];
}

export interface FloorTable {
  readonly writes: TableWrites;
  /** For how many decisions there are rows. */
  readonly decisionsMax: number;
  /** The statements of decision number n, of a thing to be added, changed or taken away. */
  insert(n: number): Statement;
  update(n: number): Statement;
  /** Which row `update` changes: a few rows are changed again and again. */
  changed(n: number): number;
  remove(n: number): Statement;
}

interface Column {
  readonly name: string;
  readonly type: string;
  readonly isKey: boolean;
}

type Values = Readonly<Record<string, unknown>>;

/** Rows for `decisions` decisions at most: those that services left in the table; made ones where they left none. */
export async function floorTable(
  client: pg.Client,
  writes: TableWrites,
  decisions: number,
): Promise<FloorTable> {
  const { table } = writes;
  await client.query(
    `create table floor.${table} (like public.${table} including all excluding identity)`,
  );
  const columns = await columnsOf(client, table);
  const perDecision = Math.max(writes.inserted, writes.updated, writes.deleted);
  const need = Math.ceil(decisions * perDecision) + 1;
  const list = columns.map(({ name, type }) => `"${name}"::${textual(type)} as "${name}"`);
  const { rows } = await client.query<Values>(
    `select ${list.join(', ')} from public.${table} limit ${need}`,
  );
  const made = rows.length === 0;
  const rowOf = (n: number): Values => rows[n] ?? madeRow(columns, n);
  const oldOf = (n: number): number => (made ? n : n % rows.length);
  const statement = (act: string, text: string, values: readonly unknown[]): Statement => ({
    name: `${act} ${table}`,
    text,
    values,
  });
  const keys = columns.filter(({ isKey }) => isKey);
  const matches = keys.map(({ name }, at) => `"${name}" = $${at + 1}`).join(' and ');
  const keyOf = (n: number) => keys.map(({ name }) => rowOf(n)[name]);
  const names = columns.map(({ name }) => `"${name}"`).join(', ');
  const places = columns.map((_, at) => `$${at + 1}`).join(', ');
  const plain = columns.find(({ isKey }) => !isKey)?.name ?? 'tenant';
  const filled: FloorTable = {
    writes,
    decisionsMax:
      made || writes.inserted === 0 ? decisions : Math.floor((rows.length - 1) / perDecision),
    insert: (n) => {
      const row = rowOf(n);
      const text = `insert into floor.${table} (${names}) values (${places}) on conflict do nothing`;
      return statement(
        'insert',
        text,
        columns.map(({ name }) => row[name]),
      );
    },
    update: (n) =>
      statement(
        'update',
        `update floor.${table} set "${plain}" = "${plain}" where ${matches}`,
        keyOf(oldOf(n)),
      ),
    changed: oldOf,
    remove: (n) => statement('delete', `delete from floor.${table} where ${matches}`, keyOf(n)),
  };
  // What is changed or taken away without being added was there before.
  if (writes.updated + writes.deleted > writes.inserted) {
    for (let n = 0; n < (made ? need : rows.length); n += 1) {
      const { text, values } = filled.insert(n);
      await client.query({ text, values: [...values] });
    }
  }
  return filled;
}

async function columnsOf(client: pg.Client, table: string): Promise<readonly Column[]> {
  const { rows } = await client.query<{ name: string; type: string; is_key: boolean }>(
    `select a.attname as name, format_type(a.atttypid, a.atttypmod) as type,
       coalesce(a.attnum = any (i.indkey), false) as is_key
       from pg_attribute as a left join pg_index as i on i.indrelid = a.attrelid and i.indisprimary
      where a.attrelid = ('public.' || $1)::regclass and a.attnum > 0 and not a.attisdropped
      order by a.attnum`,
    [table],
  );
  return rows.map(({ name, type, is_key }) => ({ name, type, isKey: is_key }));
}

/** Arrays and JSON go as text both ways, and are cast by the server. */
const textual = (type: string): string => (type === 'bytea' ? 'bytea' : 'text');

/** For tables whose rows do not stay. */
function madeRow(columns: readonly Column[], n: number): Values {
  const value = ({ type, isKey }: Column): unknown => {
    switch (type) {
      case 'uuid':
        return `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
      case 'bigint':
      case 'xid8':
        return String(n);
      case 'timestamp with time zone':
        return new Date(0).toISOString();
      case 'text':
        return isKey ? `made ${n}` : null;
      default:
        return type === 'smallint' || type === 'integer' ? '0' : null;
    }
  };
  return Object.fromEntries(columns.map((column) => [column.name, value(column)]));
}
