import {
  ApplicationService,
  LenderTaskService,
  PolicyService,
  ProductService,
} from '@lianbao/api/lianbao/approval/v1/approval_service_pb';
import { createApproval, type ServiceOptions } from '@lianbao/approval';
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
import {
  type AuthorityLevel,
  type SteppedClock,
  silentMeter,
  steppedClock,
  type Tenant,
} from '@lianbao/kernel';
import { createLog } from '@lianbao/runtime';
import pg from 'pg';
import { copiedDatabase } from '../../support/database.ts';
import { eventually } from '../../support/eventually.ts';
import { type FakeParty, fakeParty } from './fake-party.ts';
import { lenderName, platformName, start } from './names.ts';
import { type ScoringVoice, scoringVoice } from './scoring-voice.ts';

export interface Clients {
  readonly products: ClientOf<typeof ProductService>;
  readonly policies: ClientOf<typeof PolicyService>;
  readonly applications: ClientOf<typeof ApplicationService>;
  readonly tasks: ClientOf<typeof LenderTaskService>;
}

export interface World extends ScoringVoice {
  readonly clock: SteppedClock;
  readonly admin: pg.Client;
  readonly party: FakeParty;
  readonly bus: Bus;
  readonly logged: readonly string[];
  operator(person?: string, tenant?: string): Clients;
  bank(person?: string, level?: AuthorityLevel, lender?: string): Clients;
  platform(platform?: string, tenant?: string): Clients;
  service(): Clients;
  /** Another process on the same database, with a bus of its own. */
  anotherProcess(): Promise<Bus>;
  /** Runs the timers that are due by the stepped clock. */
  runTimers(): Promise<number>;
  /** Types of the events of a subject, in order. */
  saidOf(subject: string): Promise<readonly string[]>;
  close(): Promise<void>;
}

export async function openWorld(wish: Pick<ServiceOptions, 'watchLimits'> = {}): Promise<World> {
  const database = await copiedDatabase('approval');
  const admin = new pg.Client({ connectionString: database.adminUrl });
  await admin.connect();
  const clock = steppedClock(start);
  const logged: string[] = [];
  const destination = { write: (line: string) => void logged.push(line) };
  const log = createLog({ service: 'approval', level: 'info', destination });
  const bus = localBus();
  const party = fakeParty();
  const others: (() => Promise<void>)[] = [];
  const processOn = async (own: Bus) => {
    const service = await createApproval({
      config: {
        databaseUrl: database.appUrl,
        tenants: ['local', 'other'] as Tenant[],
        partyAddress: '127.0.0.1:1',
        idempotencyDays: 7,
      },
      clock: clock.now,
      log,
      meter: silentMeter,
      bus: own,
      token: () => Promise.reject(new Error('party is not called by rpc here')),
      party,
      ...wish,
    });
    await own.start();
    await service.start();
    return service;
  };
  const approval = await processOn(bus);
  const keys = readIssuerKeys(await newIssuerKeys());
  const issuer = tokenIssuer(keys);
  const server = await serve({
    address: '127.0.0.1:0',
    bindings: approval.bindings,
    access: approval.access,
    verify: tokenVerifier(keys.publicJwks),
    serving: approval.serving,
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
    const issued = issuer.issue({ ...claims, audience: ['approval'] });
    const options = { token: () => issued, retry: false };
    const fresh: Clients = {
      products: clientOf(channel, ProductService, options),
      policies: clientOf(channel, PolicyService, options),
      applications: clientOf(channel, ApplicationService, options),
      tasks: clientOf(channel, LenderTaskService, options),
    };
    made.set(who, fresh);
    return fresh;
  };

  return {
    clock,
    admin,
    party,
    bus,
    logged,
    operator: (person = 'Ops One', tenant = 'local') =>
      clients({ tenant, caller: 'OPERATOR', person }),
    bank: (person = 'Bank One', level = 'HEAD', lender = lenderName) =>
      clients({ tenant: 'local', caller: 'BANK', partner: lender, person, level }),
    platform: (platform = platformName, tenant = 'local') =>
      clients({ tenant, caller: 'PLATFORM', partner: platform }),
    service: () => clients({ tenant: 'local', caller: 'SERVICE', partner: 'scoring' }),
    ...scoringVoice(bus, clock),
    anotherProcess: async () => {
      const own = localBus();
      const service = await processOn(own);
      others.push(async () => {
        await service.stop();
        await own.stop();
      });
      return own;
    },
    runTimers: approval.runTimers,
    saidOf: async (subject) => {
      const { rows } = await admin.query<{ type: string }>(
        'select type from outbox where subject = $1 and topic is not null order by number',
        [subject],
      );
      return rows.map(({ type }) => type.replace('lianbao.approval.v1.', ''));
    },
    close: async () => {
      await eventually('the outbox is empty', async () => {
        const { rows } = await admin.query('select 1 from outbox_pending limit 1');
        return rows.length === 0 || undefined;
      });
      for (const stop of others) await stop();
      channel.close();
      await server.drain();
      await approval.stop();
      await bus.stop();
      await admin.end();
      await database.drop();
      const defects = logged.filter((line) => line.includes('"level":"error"'));
      if (defects.length > 0) throw new Error(`logged as defects:\n${defects.join('\n')}`);
    },
  };
}
