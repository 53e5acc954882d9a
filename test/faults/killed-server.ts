/** The one process of `pnpm start`, ended as a power cut would: with -9, and its database too when wanted. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface KilledServer {
  /** `host:port`, once it serves. Rejects when the process ended by itself before. */
  readonly serving: Promise<string>;
  /** From the spawn to the line that says so. */
  readonly servesAfterMs: Promise<number>;
  /** It has said its last line; after an empty home's set-up. */
  readonly ready: Promise<unknown>;
  kill(how: Kill): Promise<void>;
  /** Resolves at once when it is gone already. */
  stop(): Promise<void>;
}

/** PROCESS: PostgreSQL sees that its parent is gone and shuts down. BOTH: it has to recover. */
export type Kill = 'PROCESS' | 'BOTH';

const starter = join(import.meta.dirname, '../../deploy/local/src/start.ts');

export function startServer(homeFolder: string, databaseFolder: string): KilledServer {
  const startMs = performance.now();
  const child = spawn(process.execPath, [starter, '--home', homeFolder], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const said: string[] = [];
  const serves = lineOf(child, said, /serves .* on (\S+)/);
  const ready = lineOf(child, said, /Ctrl-C stops/);
  const serving = serves.then(([, address = '']) => address);
  const servesAfterMs = serves.then(() => performance.now() - startMs);
  // Nobody may wait for a life that was ended while it began.
  for (const each of [serving, servesAfterMs, ready]) each.catch(() => undefined);
  return {
    serving,
    servesAfterMs,
    ready,
    kill: async (how) => {
      const postmaster = how === 'BOTH' ? postmasterOf(databaseFolder) : undefined;
      child.kill('SIGKILL');
      if (postmaster !== undefined) killQuietly(postmaster);
      await gone;
    },
    stop: async () => {
      child.kill('SIGTERM');
      await gone;
    },
  };
}

function lineOf(child: ChildProcess, said: string[], pattern: RegExp): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream as NodeJS.ReadableStream }).on('line', (line) => {
        said.push(line);
        const match = pattern.exec(line);
        if (match !== null) resolve(match);
      });
    }
    child.once('close', (code, signal) =>
      reject(new Error(`the server ended with ${code ?? signal}:\n${said.slice(-20).join('\n')}`)),
    );
  });
}

/** Of this database only: the number in a file left by a crash may be another's. */
function postmasterOf(databaseFolder: string): number | undefined {
  try {
    const [pid = ''] = readFileSync(join(databaseFolder, 'postmaster.pid'), 'utf8').split('\n');
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    return command.includes(databaseFolder) ? Number(pid) : undefined;
  } catch {
    return undefined;
  }
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended between the look and the kill.
  }
}
