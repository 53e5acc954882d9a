import { execFile, execFileSync } from 'node:child_process';
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Whatever this process was started with, the server speaks English and counts in UTC. */
export const plainEnvironment = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

/** Empty: the server runs as this process does. */
export interface ServerUser {
  readonly uid?: number;
  readonly gid?: number;
}

/** The absolute path of a data folder that is ready; one that is missing is made aside and moved in whole. */
export async function prepareDataFolder(
  folder: string,
  binaries: string,
  serverUser: ServerUser,
  forgetful: boolean,
): Promise<string> {
  mkdirSync(dirname(resolve(folder)), { recursive: true });
  const data = join(
    realpathSync(dirname(resolve(folder))),
    resolve(folder).split('/').at(-1) ?? '',
  );
  if (existsSync(join(data, 'PG_VERSION'))) return data;
  if (existsSync(data) && readdirSync(data).length > 0) {
    throw new Error(`${data} holds something else than a PostgreSQL database`);
  }
  const aside = mkdtempSync(`${data}.new-`);
  own(aside, serverUser);
  try {
    await run(
      join(binaries, 'initdb'),
      [
        ...['-D', aside, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8'],
        ...['--locale-provider=builtin', '--locale=C.UTF-8'],
        ...(forgetful ? ['--no-sync'] : []),
      ],
      { ...serverUser, cwd: '/', env: plainEnvironment },
    );
    moveInto(aside, data);
    return data;
  } catch (cause) {
    const hint =
      serverUser.uid === undefined
        ? ''
        : `; as root the server runs as user ${serverUser.uid}, who must get into ${dirname(data)}`;
    throw new Error(`no database could be made in ${data}${hint}`, { cause });
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

function moveInto(aside: string, data: string): void {
  try {
    renameSync(aside, data);
  } catch (error) {
    if (!existsSync(join(data, 'PG_VERSION'))) throw error; // Else another process was first.
  }
}

/**
 * Removes postmaster.pid when the process it names does not run on this folder: after a crash its number
 * may be another's, and PostgreSQL would not start. A number of nobody PostgreSQL sees for itself, and
 * the shared memory of the folder guards it still.
 */
export function removeStaleLock(data: string): void {
  const lock = join(data, 'postmaster.pid');
  if (!existsSync(lock)) return;
  const [pid = ''] = readFileSync(lock, 'utf8').split('\n');
  const command = commandOf(pid);
  if (command !== undefined && !command.includes(data)) rmSync(lock, { force: true });
}

function commandOf(pid: string): string | undefined {
  try {
    if (existsSync('/proc/self/cmdline')) return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    return execFileSync('ps', ['-o', 'command=', '-p', pid], { encoding: 'utf8' });
  } catch {
    return undefined; // No such process.
  }
}

// sun_path has 108 bytes on Linux and 104 on macOS, with the final NUL.
const socketPathBytesMax = 103;

/** The data folder itself, or, where that makes too long a name, a temporary folder. */
export function socketFolder(
  data: string,
  port: number,
  serverUser: ServerUser,
): { readonly path: string; remove(): void } {
  if (Buffer.byteLength(join(data, `.s.PGSQL.${port}`)) <= socketPathBytesMax) {
    return { path: data, remove: () => {} };
  }
  const path = mkdtempSync(join(tmpdir(), 'lianbao-'));
  own(path, serverUser);
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

function own(folder: string, { uid, gid }: ServerUser): void {
  if (uid !== undefined) chownSync(folder, uid, gid ?? uid);
}
