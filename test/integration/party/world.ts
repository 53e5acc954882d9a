/** Party behind a real gRPC server, on a database of its own, with a stepped clock and tokens of a local issuer. */
import {
  ConsentService,
  EventFeedService,
  PartnerService,
  SellerService,
} from '@lianbao/api/lianbao/party/v1/party_service_pb';
import { type Bus, localBus } from '@lianbao/events';
import {
  type ClientOf,
  channelTo,
  clientOf,
  newIssuerKeys,
  readIssuerKeys,
  serve,
  type TokenClaims,
  tokenIssuer,
  tokenVerifier,
} from '@lianbao/grpc';
import { type SteppedClock, silentMeter, steppedClock, type Tenant } from '@lianbao/kernel';
import { createParty, partyDefaults } from '@lianbao/party';
import { newKeyRing } from '@lianbao/persistence';
import { createLog } from '@lianbao/runtime';
import pg from 'pg';
import { copiedDatabase } from '../../support/database.ts';
import { eventually } from '../../support/eventually.ts';

export interface Clients {
  readonly partners: ClientOf<typeof PartnerService>;
  readonly sellers: ClientOf<typeof SellerService>;
  readonly consents: ClientOf<typeof ConsentService>;
  readonly feed: ClientOf<typeof EventFeedService>;
}

export interface World {
  readonly clock: SteppedClock;
  /** The superuser, who sees every tenant. */
  readonly admin: pg.Client;
  readonly appUrl: string;
  /** JSON text. */
  readonly keyRing: string;
  readonly bus: Bus;
  /** All that was logged, as JSON lines. */
  readonly logged: readonly string[];
  operator(person?: string, tenant?: string): Clients;
  bank(lender: string, person?: string, tenant?: string): Clients;
  platform(platform: string, tenant?: string): Clients;
  service(name?: string): Clients;
  /** Resolves when every event is published and taken in. */
  settled(): Promise<void>;
  /** Fails when a defect was logged other than those expected. */
  close(expected?: RegExp): Promise<void>;
}

/** A Wednesday, 10:00 in Shanghai. */
export const start = new Date('2026-11-25T02:00:00Z');

export async function openWorld(): Promise<World> {
  const database = await copiedDatabase('party');
  const admin = new pg.Client({ connectionString: database.adminUrl });
  await admin.connect();
  const clock = steppedClock(start);
  const logged: string[] = [];
  const destination = { write: (line: string) => void logged.push(line) };
  const log = createLog({ service: 'party', level: 'debug', destination });
  const bus = localBus();
  const keyRing = newKeyRing();
  const party = await createParty({
    config: {
      ...partyDefaults,
      idempotencyDays: 7,
      databaseUrl: database.appUrl,
      keyRing,
      tenants: ['local', 'other'] as Tenant[],
    },
    clock: clock.now,
    log,
    meter: silentMeter,
    bus,
  });
  await bus.start();
  await party.start();
  const keys = readIssuerKeys(await newIssuerKeys());
  const issuer = tokenIssuer(keys);
  const server = await serve({
    address: '127.0.0.1:0',
    bindings: party.bindings,
    access: party.access,
    verify: tokenVerifier(keys.publicJwks),
    serving: party.serving,
    log,
    meter: silentMeter,
    limits: { drainWaitMs: 0 },
  });
  const channel = channelTo(server.address);
  const made = new Map<string, Clients>();

  const clients = (claims: Omit<TokenClaims, 'audience'>): Clients => {
    const who = JSON.stringify(claims);
    const known = made.get(who);
    if (known !== undefined) return known;
    const issued = issuer.issue({ ...claims, audience: ['party'] });
    const options = { token: () => issued, retry: false };
    const fresh: Clients = {
      partners: clientOf(channel, PartnerService, options),
      sellers: clientOf(channel, SellerService, options),
      consents: clientOf(channel, ConsentService, options),
      feed: clientOf(channel, EventFeedService, options),
    };
    made.set(who, fresh);
    return fresh;
  };

  return {
    clock,
    admin,
    appUrl: database.appUrl,
    keyRing,
    bus,
    logged,
    operator: (person = 'Ops One', tenant = 'local') =>
      clients({ tenant, caller: 'OPERATOR', person }),
    bank: (lender, person = 'Bank One', tenant = 'local') =>
      clients({ tenant, caller: 'BANK', partner: lender, person }),
    platform: (platform, tenant = 'local') =>
      clients({ tenant, caller: 'PLATFORM', partner: platform }),
    service: (name = 'approval') => clients({ tenant: 'local', caller: 'SERVICE', partner: name }),
    settled: async () => {
      await eventually('the outbox is empty', async () => {
        const { rows } = await admin.query('select 1 from outbox_pending limit 1');
        return rows.length === 0 || undefined;
      });
    },
    close: async (expected) => {
      channel.close();
      await server.drain();
      await party.stop();
      await bus.stop();
      await admin.end();
      await database.drop();
      const defects = logged.filter(
        (line) => line.includes('"level":"error"') && !expected?.test(line),
      );
      if (defects.length > 0) throw new Error(`logged as defects:\n${defects.join('\n')}`);
    },
  };
}
