import { chmodSync, globSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { silentLog } from '@lianbao/kernel';
import {
  createServiceDatabase,
  type Migrations,
  migrate,
  persistenceMigrations,
} from '@lianbao/persistence';
import { startPostgres } from '@lianbao/persistence/launcher';
import type { TestProject } from 'vitest/node';

/** What the tests get to know of the server of their run. */
export interface PostgresAccess {
  readonly adminUrl: string;
  /** Names of the databases that `freshDatabase` copies, and what went wrong with one while it was made. */
  readonly templates: Readonly<Record<string, string | undefined>>;
}

declare module 'vitest' {
  export interface ProvidedContext {
    postgres: PostgresAccess;
  }
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const forgetful = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '300',
};

/** One PostgreSQL server for a whole test run, with a migrated template for each service. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const home = mkdtempSync(join(roomy('/dev/shm') ? '/dev/shm' : tmpdir(), 'lianbao-'));
  chmodSync(home, 0o755); // As root the server runs as nobody, who must get in.
  const server = await startPostgres(join(home, 'data'), forgetful);
  const end = async () => {
    await server.stop();
    rmSync(home, { recursive: true });
  };
  try {
    const adminUrl = server.url('postgres');
    const templates: Record<string, string | undefined> = {};
    for (const [name, sets] of Object.entries(migrationSets())) {
      templates[name] = await makeTemplate(adminUrl, name, sets);
    }
    project.provide('postgres', { adminUrl, templates });
    return end;
  } catch (error) {
    await end();
    throw error;
  }
}

/** By convention a service includes persistence, events and its own; `plumbing` is the first two. */
function migrationSets(): Record<string, readonly Migrations[]> {
  const plumbing = [persistenceMigrations, ...setsIn('packages/events/migrations')];
  const services = setsIn('services/*/migrations').map((own): [string, readonly Migrations[]] => [
    own.owner,
    [...plumbing, own],
  ]);
  return { plumbing, ...Object.fromEntries(services) };
}

function setsIn(pattern: string): readonly Migrations[] {
  const folders = new Set(globSync(`${pattern}/*.sql`, { cwd: root }).map(dirname));
  return [...folders]
    .sort()
    .map((folder) => ({ owner: basename(dirname(folder)), folder: join(root, folder) }));
}

/** Undefined, or what went wrong: only the tests that need this template then fail. */
async function makeTemplate(
  adminUrl: string,
  name: string,
  sets: readonly Migrations[],
): Promise<string | undefined> {
  try {
    const { ownerUrl } = await createServiceDatabase(adminUrl, name);
    await migrate({ ownerUrl, appRole: `${name}_app`, sets, log: silentLog });
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Memory-backed and large enough: in a container /dev/shm is often 64 MiB. */
function roomy(folder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize > 2 * 1024 ** 3;
  } catch {
    return false;
  }
}
