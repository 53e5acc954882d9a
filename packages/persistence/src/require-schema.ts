import type { Database } from './database.ts';
import { filesOf, type Migrations } from './migration-files.ts';

/** The database lacks migrations that this release needs. */
export class SchemaTooOld extends Error {
  override readonly name = 'SchemaTooOld';
  /** As `owner/0001_name.sql`. */
  readonly missing: readonly string[];

  constructor(database: string, missing: readonly string[]) {
    super(`database ${database} lacks ${missing.join(', ')}: migrate it first`);
    this.missing = missing;
  }
}

/** Throws SchemaTooOld. A newer schema is fine: migrations expand first and contract a release later. */
export async function requireSchema(
  database: Database,
  sets: readonly Migrations[],
): Promise<void> {
  if (sets.length === 0) return;
  const applied = await appliedIds(database);
  const missing = sets.flatMap(filesOf).filter(({ id }) => !applied.has(id));
  if (missing.length > 0) {
    throw new SchemaTooOld(
      database.name,
      missing.map(({ id }) => id),
    );
  }
}

async function appliedIds({ orm }: Database): Promise<ReadonlySet<string>> {
  const em = orm.em.fork({ disableContextResolution: true });
  const [found] = await em.execute<{ there: boolean }[]>(
    `select to_regclass('migration') is not null as there`,
  );
  if (found?.there !== true) return new Set();
  const rows = await em.execute<{ id: string }[]>('select id from migration');
  return new Set(rows.map(({ id }) => id));
}
