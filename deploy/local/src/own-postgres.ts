/**
 * The PostgreSQL server of a home. One whose process was killed ends by itself, but needs a moment for
 * it: who starts at once again waits for that.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { FolderInUse, type PostgresServer, startPostgres } from '@lianbao/persistence/launcher';

const waitMs = 15_000;
const pauseMs = 200;

/** Throws FolderInUse when another server still runs there after 15 s. */
export async function startOwnPostgres(
  folder: string,
  settings?: Readonly<Record<string, string>>,
): Promise<PostgresServer> {
  const untilMs = performance.now() + waitMs;
  for (;;) {
    try {
      return await startPostgres(folder, settings);
    } catch (error) {
      if (!(error instanceof FolderInUse) || performance.now() > untilMs) throw error;
      await pause(pauseMs);
    }
  }
}
