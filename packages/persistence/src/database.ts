import { randomUUID } from 'node:crypto';
import { type Log, silentLog } from '@lianbao/kernel';
import type { EntitySchema } from '@mikro-orm/core';
import { MikroORM } from '@mikro-orm/postgresql';
import pg from 'pg';
import { CarefulClient } from './careful-client.ts';
import type { Migrations } from './migration-files.ts';
import { requireSchema } from './require-schema.ts';

export interface Database {
  readonly orm: MikroORM;
  readonly name: string;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** `postgresql://user[:password]@host:port/db`, or `postgresql://user@/db?host=/socket/folder`. */
  readonly url: string;
  readonly entities: readonly EntitySchema[];
  /** What has to be applied: an older schema is refused with SchemaTooOld. */
  readonly schema?: readonly Migrations[];
  readonly poolMax?: number;
  /** Shown in pg_stat_activity. */
  readonly applicationName: string;
  /** Hears of connections that broke. */
  readonly log?: Log;
}

const connectWithinMs = 10_000;
const idleInTransactionMsMax = 60_000;

/** Opens a pool and tries one connection, so that a wrong address fails here and not in the first act. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { url, entities, schema = [], poolMax = 8, applicationName, log = silentLog } = options;
  const name = databaseName(url);
  const orm = new MikroORM({
    entities: [...entities],
    dbName: name,
    // MikroORM finds the transaction in hand by this name: two databases must never share one.
    contextName: `${name}-${randomUUID()}`,
    discovery: { warnWhenNoEntities: false },
    colors: false,
    logger: (message) => log.warn({ database: name }, message),
    driverOptions: {
      connectionString: url,
      Client: CarefulClient,
      max: poolMax,
      application_name: applicationName,
      connectionTimeoutMillis: connectWithinMs,
      idle_in_transaction_session_timeout: idleInTransactionMsMax,
      keepAlive: true,
      pipeline: true, // A statement goes out before the one ahead of it is answered.
    },
  });
  const database = { orm, name, close: () => orm.close(true) };
  try {
    await orm.em.fork().execute('select 1');
    await requireSchema(database, schema);
  } catch (error) {
    await orm.close(true);
    throw error;
  }
  return database;
}

/** The database that a URL names, as pg reads it. */
function databaseName(url: string): string {
  const { database } = new pg.Client({ connectionString: url });
  if (database === undefined || database === '') throw new Error('the URL names no database');
  return database;
}
