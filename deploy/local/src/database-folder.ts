/**
 * Where the database of a home stands. PostgreSQL refuses to run as root, so as root it runs as nobody,
 * who may not get into a checkout under a folder of mode 0700: then the database stands elsewhere, and
 * a file of the home says where.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const nobody = 65_534;
const elsewhereFile = (home: string) => join(home, 'database-folder');

/** The folder of the database of a home; the home has to exist. */
export function databaseFolderFor(home: string): string {
  const usual = join(home, 'postgres');
  if (existsSync(elsewhereFile(home))) return readFileSync(elsewhereFile(home), 'utf8');
  if (existsSync(usual) || serverGetsInto(home)) return usual;
  const elsewhere = join(reachableFolder(), 'postgres');
  writeFileSync(elsewhereFile(home), elsewhere, { flush: true });
  return elsewhere;
}

/** Removes a database that stands elsewhere. */
export function forgetDatabaseFolder(home: string): void {
  const file = elsewhereFile(home);
  if (!existsSync(file)) return;
  rmSync(join(readFileSync(file, 'utf8'), '..'), { recursive: true, force: true });
}

const places = ['/var/lib', '/var/tmp', '/tmp'];

/** A new folder that the database server's user can pass through, in the first place that allows it. */
export function reachableFolder(first: readonly string[] = []): string {
  for (const place of [...first, ...places]) {
    if (!existsSync(place) || !serverGetsInto(place)) continue;
    try {
      const folder = mkdtempSync(join(place, 'lianbao-'));
      chmodSync(folder, 0o711);
      return folder;
    } catch {
      // Not writable: the next one.
    }
  }
  throw new Error(`no folder for the database: looked in ${[...first, ...places].join(', ')}`);
}

export const temporaryFolder = (): string => reachableFolder([tmpdir()]);

/** True when the user that PostgreSQL runs as may pass through the folder. */
function serverGetsInto(folder: string): boolean {
  if (process.getuid?.() !== 0) return true;
  const tried = spawnSync('sh', ['-c', 'cd "$1"', 'sh', folder], {
    uid: nobody,
    gid: nobody,
    cwd: '/',
    stdio: 'ignore',
  });
  return tried.status === 0;
}
