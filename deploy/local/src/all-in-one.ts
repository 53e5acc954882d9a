/**
 * All services in one process, on an embedded PostgreSQL and, unless another bus is given, the local
 * one. The services are the ones that also run alone; they meet through rpcs and events all the same.
 */
import { approvalMigrations, createApproval } from '@lianbao/approval';
import { type Bus, localBus } from '@lianbao/events';
import {
  heldToken,
  readIssuerKeys,
  serve,
  type TokenIssuer,
  tokenIssuer,
  tokenVerifier,
} from '@lianbao/grpc';
import type { Clock, Log, Meter, Tenant } from '@lianbao/kernel';
import { createParty, partyMigrations } from '@lianbao/party';
import { createServiceDatabase, type Migrations, migrate } from '@lianbao/persistence';
import { createScoring, scoringMigrations } from '@lianbao/scoring';
import type { Home } from './home.ts';
import { audience, localTenant, signatureProviders } from './local-tenant.ts';
import { startOwnPostgres } from './own-postgres.ts';
import { freePort } from './port.ts';

const idempotencyDays = 7;

export interface AllInOneOptions {
  readonly home: Home;
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
  readonly bus?: Bus;
  /** Taken when it is free. */
  readonly port: number;
  /** `local` when left out. */
  readonly tenant?: Tenant;
  /** Of PostgreSQL; durable when left out. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface AllInOne {
  readonly address: string;
  readonly tenant: Tenant;
  readonly issuer: TokenIssuer;
  readonly databaseUrls: Readonly<Record<(typeof audience)[number], string>>;
  readonly adminUrl: string;
  stop(): Promise<void>;
}

/** No balancer has to see it go, and whoever pressed Ctrl-C waits. */
const quickDrain = { drainWaitMs: 0, drainCallsMs: 5_000, drainStreamsMs: 500 };

export async function startAllInOne(options: AllInOneOptions): Promise<AllInOne> {
  const { home, clock, log, meter, bus = localBus(), tenant = localTenant } = options;
  const undo: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const postgres = await startOwnPostgres(home.databaseFolder, options.settings);
    undo.push(() => postgres.stop());
    const adminUrl = postgres.url('postgres');
    const database = async (service: string, sets: readonly Migrations[]) => {
      const { ownerUrl, appUrl } = await createServiceDatabase(adminUrl, service);
      await migrate({ ownerUrl, appRole: `${service}_app`, sets, log });
      return appUrl;
    };
    // One after the other: roles and databases are shared by the whole server.
    const databaseUrls = {
      party: await database('party', partyMigrations),
      scoring: await database('scoring', scoringMigrations),
      approval: await database('approval', approvalMigrations),
    };
    const keys = readIssuerKeys(home.issuerKeys);
    const issuer = tokenIssuer(keys);
    const address = `127.0.0.1:${await freePort(options.port)}`;
    const shared = (service: string) => ({
      clock,
      log: log.child({ context: service }),
      meter,
      bus,
      token: heldToken(issuer, { tenant, caller: 'SERVICE', partner: service, audience }),
    });
    const tenants = [tenant];
    const services = [
      await createParty({
        ...shared('party'),
        config: {
          databaseUrl: databaseUrls.party,
          tenants,
          keyRing: home.keyRing,
          signatureProviders,
          idempotencyDays,
        },
      }),
      await createScoring({
        ...shared('scoring'),
        config: {
          databaseUrl: databaseUrls.scoring,
          tenants,
          partyAddress: address,
          idempotencyDays,
        },
      }),
      await createApproval({
        ...shared('approval'),
        config: {
          databaseUrl: databaseUrls.approval,
          tenants,
          partyAddress: address,
          idempotencyDays,
        },
      }),
    ];
    for (const service of services) undo.push(() => service.stop());
    await bus.start();
    undo.push(() => bus.stop());
    const server = await serve({
      address,
      bindings: services.flatMap(({ bindings }) => bindings),
      access: Object.assign({}, ...services.map(({ access }) => access)),
      verify: tokenVerifier(keys.publicJwks, { tenants }),
      serving: () => services.every((service) => service.serving()),
      log,
      meter,
      limits: quickDrain,
    });
    undo.push(() => server.drain());
    for (const service of services) await service.start();
    return { address, tenant, issuer, databaseUrls, adminUrl, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
