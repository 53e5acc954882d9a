/**
 * Each service as a process of its own, as an operator runs it: migrated by its command, configured by
 * its environment alone, over a real broker.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Health, HealthCheckResponse_ServingStatus } from '@lianbao/api/grpc/health/v1/health_pb';
import {
  channelTo,
  clientOf,
  joinPublicKeys,
  newIssuerKeys,
  readIssuerKeys,
  type TokenIssuer,
  tokenIssuer,
} from '@lianbao/grpc';
import { createServiceDatabase, newKeyRing } from '@lianbao/persistence';
import pg from 'pg';
import { inject } from 'vitest';
import { freePort } from '../../deploy/local/src/port.ts';
import { type Context, contexts } from '../support/all-in-one.ts';
import { eventually } from '../support/eventually.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');

export interface ServiceProcesses {
  readonly addresses: Readonly<Record<Context, string>>;
  readonly issuer: TokenIssuer;
  /** The superuser's sessions. */
  readonly admin: Readonly<Record<Context, pg.Client>>;
  start(context: Context): Promise<void>;
  /** SIGTERM; its exit code. */
  terminate(context: Context): Promise<number | null>;
  /** SIGKILL. */
  kill(context: Context): Promise<void>;
  /** The last of what it wrote, for a test that failed. */
  said(context: Context): string;
  stop(): Promise<void>;
}

export async function migratedServices(brokers: readonly string[]): Promise<ServiceProcesses> {
  const undo: (() => Promise<unknown>)[] = [];
  const home = mkdtempSync(join(tmpdir(), 'lianbao-journey-'));
  undo.push(async () => rmSync(home, { recursive: true }));
  const file = (name: string, text: string): string => {
    writeFileSync(join(home, name), text, { mode: 0o600 });
    return join(home, name);
  };
  const keys = readIssuerKeys(await newIssuerKeys());
  const environments = {} as Record<Context, NodeJS.ProcessEnv>;
  const addresses = {} as Record<Context, string>;
  const admin = {} as Record<Context, pg.Client>;
  const publicKeys = [keys.publicJwks];
  for (const context of contexts) addresses[context] = `127.0.0.1:${await freePort(0)}`;
  for (const context of contexts) {
    const database = await emptyDatabase(context);
    undo.push(database.drop);
    admin[context] = database.admin;
    const serviceKey = await newIssuerKeys({ service: context });
    publicKeys.push(readIssuerKeys(serviceKey).publicJwks);
    environments[context] = {
      PATH: process.env.PATH,
      DATABASE_URL: database.appUrl,
      DATABASE_OWNER_URL: database.ownerUrl,
      DATABASE_APP_ROLE: database.appRole,
      KAFKA_BROKERS: brokers.join(','),
      GRPC_ADDRESS: addresses[context],
      PARTY_ADDRESS: addresses.party,
      METRICS_PORT: '0',
      LOG_LEVEL: 'warn',
      SERVICE_KEY_FILE: file(`${context}-key.json`, serviceKey),
      KEY_RING_FILE: file(`${context}-ring.json`, newKeyRing()),
    };
  }
  const tokenKeys = file('token-keys.json', JSON.stringify(joinPublicKeys(...publicKeys)));
  const commandOf = (context: Context) => join(root, `services/${context}/src/main.ts`);
  const environmentOf = (context: Context) => ({
    ...environments[context],
    TOKEN_KEYS_FILE: tokenKeys,
  });
  await Promise.all(
    contexts.map((context) =>
      run(process.execPath, [commandOf(context), 'migrate'], { env: environmentOf(context) }),
    ),
  );

  const running = new Map<Context, ChildProcess>();
  const outputs = new Map<Context, string>();
  const signal = async (context: Context, name: NodeJS.Signals): Promise<number | null> => {
    const child = running.get(context);
    if (child === undefined) return null;
    running.delete(context);
    if (child.exitCode === null && child.signalCode === null) {
      child.kill(name);
      await once(child, 'exit');
    }
    return child.exitCode;
  };

  return {
    ...{ addresses, admin, issuer: tokenIssuer(keys) },
    start: async (context) => {
      const child = spawn(process.execPath, [commandOf(context)], { env: environmentOf(context) });
      running.set(context, child);
      const listen = (chunk: Buffer) => {
        outputs.set(context, ((outputs.get(context) ?? '') + chunk.toString()).slice(-8_000));
      };
      child.stdout.on('data', listen);
      child.stderr.on('data', listen);
      await untilServing(addresses[context], () => {
        if (child.exitCode === null) return;
        throw new Error(`${context} ended at once:\n${outputs.get(context)}`);
      });
    },
    terminate: (context) => signal(context, 'SIGTERM'),
    kill: async (context) => {
      await signal(context, 'SIGKILL');
    },
    said: (context) => outputs.get(context) ?? '',
    stop: async () => {
      for (const context of contexts) await signal(context, 'SIGKILL');
      for (const step of undo.splice(0).reverse()) await step();
    },
  };
}

async function untilServing(address: string, check: () => void): Promise<void> {
  const channel = channelTo(address);
  try {
    const health = clientOf(channel, Health, { retry: false, deadlineMs: 1_000 });
    await eventually(
      `${address} serves`,
      async () => {
        check();
        const { status } = await health.check({}).catch(() => ({ status: undefined }));
        return status === HealthCheckResponse_ServingStatus.SERVING ? true : undefined;
      },
      { withinMs: 40_000, everyMs: 100 },
    );
  } finally {
    channel.close();
  }
}

/** With roles of its own, as an operator makes it; nothing is in it yet. */
async function emptyDatabase(context: Context) {
  const { adminUrl } = inject('postgres');
  const name = `journey_${context}_${randomBytes(4).toString('hex')}`;
  const urls = await createServiceDatabase(adminUrl, name);
  const server = new pg.Client({ connectionString: adminUrl });
  await server.connect();
  const admin = new pg.Client({ connectionString: adminUrl.replace(/\/postgres\?/, `/${name}?`) });
  await admin.connect();
  return {
    ...urls,
    admin,
    appRole: `${name}_app`,
    drop: async () => {
      await admin.end();
      await server.query(`drop database ${name} with (force)`);
      await server.query(`drop role ${name}_owner, ${name}_app`);
      await server.end();
    },
  };
}
