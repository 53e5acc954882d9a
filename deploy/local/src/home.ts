/**
 * The folder of the local mode, `.lianbao` at the top of the checkout: the database, the keys, the log
 * and what the running server tells the other commands. Git ignores it.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { newIssuerKeys } from '@lianbao/grpc';
import { newKeyRing } from '@lianbao/persistence';
import { databaseFolderFor, forgetDatabaseFolder } from './database-folder.ts';

export const defaultHomeFolder = resolve(import.meta.dirname, '../../../.lianbao');

export interface Home {
  readonly folder: string;
  /** Inside the folder, unless the database server's user may not get there. */
  readonly databaseFolder: string;
  /** Private key of the issuer of tokens. */
  readonly issuerKeys: string;
  /** Keys of personal data. */
  readonly keyRing: string;
}

export interface RunningServer {
  readonly address: string;
  readonly pid: number;
}

/** Makes the folder and its keys where they are missing. Key files have mode 0600. */
export async function openHome(folder: string): Promise<Home> {
  // As root the database server runs as another user, who has to get through to its own folder.
  mkdirSync(folder, { recursive: true, mode: 0o711 });
  const issuerKeys = await keyFile(join(folder, 'issuer-key.json'), newIssuerKeys);
  const keyRing = await keyFile(join(folder, 'key-ring.json'), async () => newKeyRing());
  return { folder, databaseFolder: databaseFolderFor(folder), issuerKeys, keyRing };
}

/** Removes all of it, the database where it stands elsewhere included. */
export function removeHome(folder: string): void {
  forgetDatabaseFolder(folder);
  rmSync(folder, { recursive: true, force: true });
}

async function keyFile(path: string, make: () => Promise<string>): Promise<string> {
  if (!existsSync(path)) writeWhole(path, await make());
  return readFileSync(path, 'utf8');
}

const serverFile = (folder: string) => join(folder, 'server.json');

export const tellServer = ({ folder }: Home, server: RunningServer): void =>
  writeWhole(serverFile(folder), JSON.stringify(server));

export const forgetServer = ({ folder }: Home): void => rmSync(serverFile(folder), { force: true });

/** The server of this home, or undefined when none runs. A file left by a crash counts for nothing. */
export async function runningServer(folder: string): Promise<RunningServer | undefined> {
  try {
    const server = JSON.parse(readFileSync(serverFile(folder), 'utf8')) as RunningServer;
    process.kill(server.pid, 0);
    return (await answers(server.address)) ? server : undefined;
  } catch {
    return undefined;
  }
}

function answers(address: string): Promise<boolean> {
  const [host, port] = address.split(':');
  return new Promise((decide) => {
    const socket = connect({ host: host ?? '', port: Number(port), timeout: 2_000 });
    const end = (answer: boolean) => () => {
      socket.destroy();
      decide(answer);
    };
    socket.once('connect', end(true));
    socket.once('error', end(false));
    socket.once('timeout', end(false));
  });
}

/** A crash leaves the old file or the new one, never half of it. */
export function writeWhole(path: string, text: string): void {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, text, { mode: 0o600, flush: true });
  renameSync(draft, path);
}
