import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sha256 } from '@lianbao/kernel';

/** One owner's migrations: files `0001_name.sql`, numbered without a gap, each of which only goes forward. */
export interface Migrations {
  /** `persistence`, `events` or the service. */
  readonly owner: string;
  readonly folder: string;
}

/** Tables idempotency and timer. */
export const persistenceMigrations: Migrations = {
  owner: 'persistence',
  folder: fileURLToPath(new URL('../migrations', import.meta.url)),
};

export interface MigrationFile {
  /** `owner/0001_name.sql`. */
  readonly id: string;
  readonly owner: string;
  readonly text: string;
  readonly checksum: string;
}

const fileName = /^(\d{4})_[a-z0-9_]+\.sql$/;

/** The files of a set in order. Refuses names that do not fit and numbers that are missing or doubled. */
export function filesOf({ owner, folder }: Migrations): readonly MigrationFile[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.sql'));
  return names.sort().map((name, index) => {
    if (Number(fileName.exec(name)?.[1]) !== index + 1) {
      throw new Error(`migration ${owner}/${name} should be number ${index + 1}, as 0001_name.sql`);
    }
    const text = readFileSync(join(folder, name), 'utf8');
    return { id: `${owner}/${name}`, owner, text, checksum: sha256(text) };
  });
}
