/** A small service database with one table of its own, and acts on it, for the tests of this folder. */
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { type Act, type Caller, silentLog, type Tenant } from '@lianbao/kernel';
import {
  type Database,
  type Migrations,
  migrate,
  openDatabase,
  sql,
  transact,
} from '@lianbao/persistence';
import { defineEntity } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { onTestFinished } from 'vitest';
import { type FreshDatabase, freshDatabase } from '../../support/database.ts';

export const here = 'here' as Tenant;
export const there = 'there' as Tenant;

export const thingMigrations: Migrations = {
  owner: 'thing',
  folder: fileURLToPath(new URL('./migrations', import.meta.url)),
};

const p = defineEntity.properties;

export const Thing = defineEntity({
  name: 'Thing',
  tableName: 'thing',
  properties: {
    tenant: p.string().primary(),
    name: p.string().primary(),
    size: p.integer(),
    revision: p.integer().version(),
  },
});

export interface Things {
  readonly fresh: FreshDatabase;
  readonly database: Database;
  /** Another pool on the same database, as another process has. */
  another(poolMax?: number): Promise<Database>;
}

export async function openThings(poolMax = 8): Promise<Things> {
  const fresh = await freshDatabase('plumbing');
  await migrate({
    ownerUrl: fresh.ownerUrl,
    appRole: 'plumbing_app',
    sets: [thingMigrations],
    log: silentLog,
  });
  const another = async (max = 8) => {
    const database = await openDatabase({
      url: fresh.appUrl,
      entities: [Thing],
      poolMax: max,
      applicationName: 'test',
    });
    onTestFinished(() => database.close());
    return database;
  };
  return { fresh, database: await another(poolMax), another };
}

export async function addThing(em: EntityManager, name: string, size = 1): Promise<void> {
  await sql(em, 'insert into thing (name, size) values ($1, $2)', [name, size]);
}

export async function thingNames(database: Database, tenant = here): Promise<readonly string[]> {
  const { rows } = await transact(database, tenant, (em) =>
    sql<{ name: string }>(em, 'select name from thing order by name'),
  );
  return rows.map(({ name }) => name);
}

const platform: Caller = {
  tenant: here,
  kind: 'PLATFORM',
  partner: 'platforms/p',
  person: 'platforms/p',
  level: undefined,
};

export interface Reply {
  readonly text: string;
}

export const actOf = (change: Partial<Act<Reply>> = {}): Act<Reply> => ({
  caller: platform,
  method: 'lianbao.test.v1.ThingService/CreateThing',
  requestId: randomUUID(),
  fingerprint: 'a'.repeat(64),
  etag: undefined,
  validateOnly: false,
  encode: ({ text }) => new TextEncoder().encode(text),
  signal: new AbortController().signal,
  ...change,
});

/** A promise that is kept by hand, for tests that hold a transaction open. */
export function gate(): { readonly passed: Promise<void>; open(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { passed: promise, open: resolve };
}
