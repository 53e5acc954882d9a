/** Somebody with the superuser's rights changes what is stored, and later puts it back. */
import type pg from 'pg';

export interface Place {
  readonly table: string;
  readonly column: string;
  /** Of one row. */
  readonly where: string;
}

/** What `look` sees while the column holds the value of the SQL expression. */
export async function whileAltered<T>(
  admin: pg.Client,
  { table, column, where }: Place,
  expression: string,
  look: () => Promise<T>,
): Promise<T> {
  const set = (to: string) => admin.query(`update ${table} set ${column} = ${to} where ${where}`);
  await admin.query(
    `create temp table kept as select ${column} as was from ${table} where ${where}`,
  );
  try {
    const { rowCount } = await set(expression);
    if (rowCount !== 1) throw new Error(`${rowCount} rows of ${table} are where ${where}`);
    return await look();
  } finally {
    await set('(select was from kept)');
    await admin.query('drop table kept');
  }
}

export const textOf = async (
  admin: pg.Client,
  { table, column, where }: Place,
): Promise<string> => {
  const { rows } = await admin.query<{ was: string }>(
    `select ${column}::text as was from ${table} where ${where}`,
  );
  if (rows[0] === undefined) throw new Error(`no row of ${table} is where ${where}`);
  return rows[0].was;
};

export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

export interface Altered {
  readonly path: string;
  readonly text: string;
}

/** The JSON text once for each of its values, with that one value changed. */
export function* oneLeafOff(text: string): Generator<Altered> {
  const whole: unknown = JSON.parse(text);
  for (const path of leaves(whole, [])) {
    const copy: unknown = structuredClone(whole);
    const last = path.at(-1) as string;
    const holder = path.slice(0, -1).reduce((at, name) => (at as never)[name], copy);
    const values = holder as Record<string, unknown>;
    values[last] = otherThan(values[last]);
    yield { path: path.join('.'), text: JSON.stringify(copy) };
  }
}

function* leaves(value: unknown, path: readonly string[]): Generator<readonly string[]> {
  if (typeof value !== 'object' || value === null) yield path;
  else for (const [name, member] of Object.entries(value)) yield* leaves(member, [...path, name]);
}

function otherThan(value: unknown): unknown {
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'string' && /^-?\d+$/.test(value)) return String(BigInt(value) + 1n);
  return `${value}x`;
}
