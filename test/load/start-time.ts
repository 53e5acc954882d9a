/** How long `pnpm start` takes until it serves, npx aside: on an empty home and on one that is there. */
import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { temporaryFolder } from '../../deploy/local/src/database-folder.ts';
import { nowMs } from './clock.ts';
import { rounded } from './latency.ts';

export interface StartTimes {
  readonly emptySeconds: number;
  /** Set-up of the small market and its first decision included. */
  readonly emptyAndSetUpSeconds: number;
  readonly existingSeconds: number;
}

const starter = join(import.meta.dirname, '../../deploy/local/src/start.ts');

export async function measureStarts(): Promise<StartTimes> {
  const folder = temporaryFolder();
  const home = join(folder, 'home');
  try {
    const empty = await startOnce(home);
    const existing = await startOnce(home);
    return {
      emptySeconds: empty.servesAfter,
      emptyAndSetUpSeconds: empty.doneAfter,
      existingSeconds: existing.servesAfter,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Starts it, waits for its last line, and stops it. */
async function startOnce(home: string): Promise<{ servesAfter: number; doneAfter: number }> {
  const startMs = nowMs();
  const child = spawn(process.execPath, [starter, '--home', home], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gone = new Promise((resolve) => child.once('exit', resolve));
  const after = () => rounded((nowMs() - startMs) / 1_000);
  try {
    const lines = linesOf(child);
    await lineWith(lines, 'Lianbao serves');
    const servesAfter = after();
    await lineWith(lines, 'Ctrl-C stops');
    return { servesAfter, doneAfter: after() };
  } finally {
    child.stdout?.resume();
    child.kill('SIGTERM');
    await gone;
  }
}

const linesOf = (child: ChildProcess): AsyncIterator<string> =>
  createInterface({ input: child.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]();

async function lineWith(lines: AsyncIterator<string>, words: string): Promise<void> {
  for (let next = await lines.next(); !next.done; next = await lines.next()) {
    if (next.value.includes(words)) return;
  }
  throw new Error(`the start ended before it said "${words}"`);
}
