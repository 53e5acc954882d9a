import type { Log } from '@lianbao/kernel';
import pg from 'pg';
import { filesOf, type MigrationFile, type Migrations } from './migration-files.ts';

export interface MigrateOptions {
  readonly ownerUrl: string;
  /** Gets the rights to work with the tables, and never owns one. */
  readonly appRole: string;
  readonly sets: readonly Migrations[];
  readonly log: Log;
}

const lockTimeoutMs = 5_000; // A migration that waits for a table makes all who come later wait too.

/**
 * Applies what is missing, each file in a transaction of its own, and returns the names of these files.
 * Callers at the same time wait for one another. Refuses a file that was changed after it was applied,
 * and one that was put in before an applied one.
 */
export async function migrate(options: MigrateOptions): Promise<readonly string[]> {
  const { ownerUrl, appRole, sets, log } = options;
  const client = new pg.Client({
    connectionString: ownerUrl,
    application_name: 'lianbao migrate',
  });
  client.on('error', (error) => log.error({ error }, 'the migration lost its connection'));
  await client.connect();
  try {
    await client.query(`select pg_advisory_lock(hashtextextended('lianbao migrate', 0))`);
    await client.query(`set lock_timeout = ${lockTimeoutMs}`);
    await client.query(
      `create table if not exists migration (
         id text primary key, checksum text not null, applied_as bigint not null)`,
    );
    const missing = await missingFiles(client, sets);
    for (const file of missing) {
      await apply(client, file);
      log.info({ migration: file.id }, 'migration applied');
    }
    await grant(client, appRole);
    return missing.map(({ id }) => id);
  } finally {
    await client.end();
  }
}

async function missingFiles(
  client: pg.Client,
  sets: readonly Migrations[],
): Promise<readonly MigrationFile[]> {
  const { rows } = await client.query<{ id: string; checksum: string }>(
    'select id, checksum from migration',
  );
  const applied = new Map(rows.map(({ id, checksum }) => [id, checksum]));
  return sets.flatMap((set) => {
    const files = filesOf(set);
    const first = files.findIndex(({ id }) => !applied.has(id));
    const missing = first < 0 ? [] : files.slice(first);
    for (const { id, checksum } of files) {
      const known = applied.get(id);
      if (known !== undefined && known !== checksum) {
        throw new Error(`migration ${id} was changed after it ran`);
      }
    }
    const late = missing.find(({ id }) => applied.has(id));
    if (late !== undefined) {
      throw new Error(`migration ${missing[0]?.id} is new, but ${late.id} ran before it`);
    }
    return missing;
  });
}

async function apply(client: pg.Client, { id, text, checksum }: MigrationFile): Promise<void> {
  try {
    await client.query('begin');
    await client.query(text);
    await client.query(
      'insert into migration (id, checksum, applied_as) select $1, $2, count(*) + 1 from migration',
      [id, checksum],
    );
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => {}); // Without a connection nothing is left to undo.
    throw new Error(`migration ${id} failed: ${(error as Error).message}`, { cause: error });
  }
}

/**
 * Rights on rows, never on tables. The list of migrations is for reading, and a table whose comment begins
 * with "append only" for reading and adding.
 */
async function grant(client: pg.Client, appRole: string): Promise<void> {
  const role = client.escapeIdentifier(appRole);
  const { rows } = await client.query<{ name: string }>(
    `select oid::regclass::text as name from pg_class
      where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
        and obj_description(oid, 'pg_class') like 'append only%' order by relname`,
  );
  const appendOnly = rows.map(({ name }) => `revoke update, delete on ${name} from ${role};`);
  await client.query(
    `begin;
     grant usage on schema public to ${role};
     grant select, insert, update, delete on all tables in schema public to ${role};
     grant usage on all sequences in schema public to ${role};
     revoke insert, update, delete on migration from ${role};
     ${appendOnly.join('\n')}
     commit`,
  );
}
