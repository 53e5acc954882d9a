/**
 * The services as they run for partners, all in this process: real rpcs on loopback, real databases of
 * their own, a bus between them. Only time is a test's own.
 */
import type { DescService } from '@bufbuild/protobuf';
import { createApproval } from '@lianbao/approval';
import { type Bus, localBus } from '@lianbao/events';
import {
  type AccessTable,
  type Channel,
  type ClientOf,
  channelTo,
  clientOf,
  heldToken,
  newIssuerKeys,
  readIssuerKeys,
  serve,
  type TokenClaims,
  type TokenIssuer,
  tokenIssuer,
  tokenVerifier,
} from '@lianbao/grpc';
import {
  type Clock,
  type Log,
  type LogFields,
  type SteppedClock,
  silentLog,
  silentMeter,
  steppedClock,
  type Tenant,
} from '@lianbao/kernel';
import { createParty } from '@lianbao/party';
import { newKeyRing } from '@lianbao/persistence';
import { createScoring } from '@lianbao/scoring';
import pg from 'pg';
import { type Market, marketOn } from '../../deploy/local/src/partners.ts';
import { freePort } from '../../deploy/local/src/port.ts';
import { type CopiedDatabase, copiedDatabase } from './database.ts';

export const contexts = ['party', 'scoring', 'approval'] as const;
export type Context = (typeof contexts)[number];

export const tenant = 'local' as Tenant;
/** Served too, and empty. */
export const otherTenant = 'other' as Tenant;

/** A Wednesday, 10:00 in Shanghai. */
export const testStart = new Date('2026-11-25T02:00:00Z');

export interface SystemOptions {
  readonly bus?: Bus;
  /** Stands still from `testStart` on when left out. */
  readonly clock?: Clock;
}

export interface LogLine {
  readonly fields: LogFields;
  readonly message: string;
}

export interface System {
  readonly address: string;
  readonly access: AccessTable;
  readonly clock: Clock;
  /** Moves the clock; nothing happens when another was given. */
  advance(milliseconds: number): void;
  readonly issuer: TokenIssuer;
  readonly channel: Channel;
  /** Clients of platforms, banks and operators of the tenant. */
  readonly market: Market;
  readonly databases: Readonly<Record<Context, CopiedDatabase>>;
  /** The superuser's sessions: no wall between tenants. */
  readonly admin: Readonly<Record<Context, pg.Client>>;
  /** What the services logged as warnings and errors. */
  readonly complaints: readonly LogLine[];
  token(claims: Claims): Promise<string>;
  client<S extends DescService>(service: S, claims: Claims): ClientOf<S>;
  /** Ends one service; its rpcs are still there, and nobody hears its events. */
  stopService(context: Context): Promise<void>;
  stop(): Promise<void>;
}

/** Of the tenant, for all services, unless it says otherwise. */
export type Claims = Pick<TokenClaims, 'caller'> & Partial<TokenClaims>;

const quickDrain = { drainWaitMs: 0, drainCallsMs: 5_000, drainStreamsMs: 200 };

/** Whoever starts it stops it. */
export async function startSystem(options: SystemOptions = {}): Promise<System> {
  const undo: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    return { ...(await start(options, undo)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(
  { bus = localBus(), clock }: SystemOptions,
  undo: (() => Promise<unknown>)[],
): Promise<Omit<System, 'stop'>> {
  const stepped: SteppedClock = steppedClock(testStart);
  const now = clock ?? stepped.now;
  const complaints: LogLine[] = [];
  const log = listeningLog(complaints);
  const meter = silentMeter;
  const databases = {} as Record<Context, CopiedDatabase>;
  const admin = {} as Record<Context, pg.Client>;
  for (const context of contexts) {
    const database = await copiedDatabase(context);
    undo.push(database.drop);
    const client = new pg.Client({ connectionString: database.adminUrl });
    await client.connect();
    undo.push(() => client.end());
    databases[context] = database;
    admin[context] = client;
  }
  const keys = readIssuerKeys(await newIssuerKeys());
  const issuer = tokenIssuer(keys);
  const address = `127.0.0.1:${await freePort(0)}`;
  const tenants = [tenant, otherTenant];
  const shared = (context: Context) => {
    const speaker = { caller: 'SERVICE', partner: context, audience: contexts } as const;
    return {
      ...{ clock: now, log: log.child({ context }), meter, bus },
      token: (of: Tenant) => issuer.issue({ ...speaker, tenant: of }),
      config: {
        databaseUrl: databases[context].appUrl,
        tenants,
        partyAddress: address,
        keyRing: newKeyRing(),
        signatureProviders: ['local-sign'],
        idempotencyDays: 7,
      },
    };
  };
  const services = {
    party: await createParty(shared('party')),
    scoring: await createScoring(shared('scoring')),
    approval: await createApproval(shared('approval')),
  };
  const running = new Set<Context>(contexts);
  const stopService = async (context: Context) => {
    if (running.delete(context)) await services[context].stop();
  };
  for (const context of contexts) undo.push(() => stopService(context));
  await bus.start();
  undo.push(() => bus.stop());
  const all = Object.values(services);
  const access: AccessTable = Object.assign({}, ...all.map((service) => service.access));
  const server = await serve({
    address,
    bindings: all.flatMap(({ bindings }) => bindings),
    access,
    verify: tokenVerifier(keys.publicJwks, { tenants }),
    serving: () => all.every((service) => service.serving()),
    log,
    meter,
    limits: quickDrain,
  });
  undo.push(() => server.drain());
  for (const service of all) await service.start();
  const channel = channelTo(address);
  undo.push(async () => channel.close());
  const whole = (claims: Claims): TokenClaims => ({ tenant, audience: contexts, ...claims });
  return {
    ...{ address, access, clock: now, advance: stepped.advance, issuer, channel },
    market: marketOn(channel, { issuer, tenant }),
    ...{ databases, admin, complaints, stopService },
    token: (claims) => issuer.issue(whole(claims)),
    client: (service, claims) =>
      clientOf(channel, service, { token: heldToken(issuer, whole(claims)) }),
  };
}

function listeningLog(complaints: LogLine[]): Log {
  const note = (fields: LogFields, message: string) => void complaints.push({ fields, message });
  const log: Log = { ...silentLog, warn: note, error: note, child: () => log };
  return log;
}
