/**
 * Approval behind a real gRPC server on a database of its own. Party is a small object; scoring is
 * whoever calls `score`, which sends the event on the bus as scoring would.
 */
import { create, type DescMessage, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import {
  ApplicationService,
  LenderTaskService,
  PolicyService,
  ProductService,
} from '@lianbao/api/lianbao/approval/v1/approval_service_pb';
import {
  RefusalGround,
  ScoreComputedSchema,
  ScoreRefusedSchema,
} from '@lianbao/api/lianbao/scoring/v1/scoring_events_pb';
import { createApproval, type PartyPort } from '@lianbao/approval';
import { type Bus, deliveryOf, localBus, recordOf, topicName } from '@lianbao/events';
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
  businessDayOf,
  type CalendarDate,
  partsOf,
  resourceUid,
  type SteppedClock,
  silentMeter,
  steppedClock,
  type Tenant,
  type Uid,
} from '@lianbao/kernel';
import { createLog } from '@lianbao/runtime';
import pg from 'pg';
import { copiedDatabase } from '../../support/database.ts';
import { eventually } from '../../support/eventually.ts';

export interface Clients {
  readonly products: ClientOf<typeof ProductService>;
  readonly policies: ClientOf<typeof PolicyService>;
  readonly applications: ClientOf<typeof ApplicationService>;
  readonly tasks: ClientOf<typeof LenderTaskService>;
}

type Answers<Method extends keyof PartyPort> = Awaited<ReturnType<PartyPort[Method]>>;

/** What party says; tests change it as they need. */
export interface FakeParty extends PartyPort {
  sellers: Map<string, Answers<'seller'>>;
  deadConsents: Set<string>;
  lenders: Map<string, NonNullable<Answers<'lender'>>>;
  /** Thrown by every question while it is set. */
  failure: Error | undefined;
  asked: number;
}

export interface ScoreSaid {
  readonly grade?: string;
  readonly pdPpm?: bigint;
  /** In yuan. */
  readonly limit?: bigint;
  readonly monthsWithSales?: number;
  readonly newestRecordDate?: CalendarDate;
  readonly asOf?: CalendarDate;
  readonly round?: number;
  /** Another key than the application's, so that the order of events does not hold it back. */
  readonly key?: Uid;
  /** Of another process. */
  readonly through?: Bus;
}

export interface World {
  readonly clock: SteppedClock;
  readonly admin: pg.Client;
  readonly party: FakeParty;
  readonly bus: Bus;
  readonly logged: readonly string[];
  operator(person?: string, tenant?: string): Clients;
  bank(person?: string, level?: AuthorityLevel, lender?: string): Clients;
  platform(platform?: string, tenant?: string): Clients;
  service(): Clients;
  score(application: string, said?: ScoreSaid): Promise<void>;
  refuseScore(application: string, reasons: readonly string[], round?: number): Promise<void>;
  /** Another process on the same database, with a bus of its own. */
  anotherProcess(): Promise<Bus>;
  /** Runs the timers that are due by the stepped clock. */
  runTimers(): Promise<number>;
  /** Types of the events of a subject, in order. */
  saidOf(subject: string): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** A Friday, 09:00 in Shanghai. */
export const start = new Date('2020-02-21T01:00:00Z');
export const platformName = 'platforms/p';
export const lenderName = 'lenders/l';
export const productName = 'products/plain-credit';

export const yuan = (units: bigint) => ({ currencyCode: 'CNY', units, nanos: 0 });

export async function openWorld(): Promise<World> {
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
      },
      clock: clock.now,
      log,
      meter: silentMeter,
      bus: own,
      token: () => Promise.reject(new Error('party is not called by rpc here')),
      party,
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

  const sequences = new Map<string, bigint>();
  const send = async <D extends DescMessage>(
    application: string,
    schema: D,
    message: MessageInitShape<D>,
    { key: otherKey, through = bus }: Pick<ScoreSaid, 'key' | 'through'> = {},
  ) => {
    const tenant = 'local' as Tenant;
    const key = otherKey ?? resourceUid(tenant, application);
    const sequence = (sequences.get(key) ?? 0n) + 1n;
    sequences.set(key, sequence);
    const delivery = deliveryOf({
      topic: topicName('score'),
      key,
      epoch: 0n,
      sequence,
      type: schema.typeName,
      subject: `${application}/score`,
      time: clock.now(),
      correlationId: application,
      causationId: 'test',
      audience: [],
      tenant,
      traceparent: undefined,
      payload: toBinary(schema, create(schema, message)),
    });
    await through.send([recordOf(delivery)]);
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
    score: (application, said = {}) => {
      const asOf = said.asOf ?? businessDayOf(clock.now());
      return send(
        application,
        ScoreComputedSchema,
        {
          score: `${platformName}/sellers/s/scores/1`,
          seller: `${platformName}/sellers/s`,
          application,
          round: said.round ?? 1,
          points: 600,
          grade: said.grade ?? 'A2',
          pdPpm: said.pdPpm ?? 4_000n,
          suggestedLimit: yuan(said.limit ?? 400_000n),
          limitTerm: 'SALES_12M',
          sales12m: yuan(2_000_000n),
          monthsWithSales: said.monthsWithSales ?? 12,
          newestRecordDate: partsOf(said.newestRecordDate ?? ('2020-02-10' as CalendarDate)),
          modelVersion: 'scoreModels/s/versions/1',
          artefactHash: 'a'.repeat(64),
          inputsHash: 'b'.repeat(64),
          reasons: [
            {
              code: 'SALES_FALLING',
              textZh: '近期销售额明显下滑',
              textEn: 'Sales have fallen noticeably of late',
              hintZh: '销售企稳后再申请',
              hintEn: 'Apply again when sales are stable',
            },
          ],
          asOf: partsOf(asOf),
          validUntil: timestampFromDate(
            new Date(Date.parse(`${asOf}T00:00:00+08:00`) + 2 * 86_400_000),
          ),
        },
        said,
      );
    },
    refuseScore: (application, reasons, round = 1) =>
      send(application, ScoreRefusedSchema, {
        seller: `${platformName}/sellers/s`,
        application,
        round,
        refusals: reasons.map((reason) => ({
          reason,
          ground: ['CONSENT_MISSING', 'SELLER_BLOCKED'].includes(reason)
            ? RefusalGround.RISK
            : RefusalGround.DATA,
        })),
      }),
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

function fakeParty(): FakeParty {
  const party: FakeParty = {
    sellers: new Map(),
    deadConsents: new Set(),
    lenders: new Map([
      [lenderName, { capitalFen: 100_000_000_000_00n, whitelist: [platformName, 'platforms/q'] }],
    ]),
    failure: undefined,
    asked: 0,
    seller: async (_tenant, name) => {
      party.asked += 1;
      if (party.failure !== undefined) throw party.failure;
      return party.sellers.get(name) ?? verifiedSeller(name);
    },
    consents: async (_tenant, seller) => {
      if (party.failure !== undefined) throw party.failure;
      const live = !party.deadConsents.has(seller);
      const cause = live ? '' : 'WITHDRAWN';
      return [
        { purpose: 'SCORING', dataKinds: 'INVOICES', live, cause },
        { purpose: 'SHARE_WITH_LENDER', dataKinds: 'SCORES', live: true, cause: '' },
      ];
    },
    lender: async (_tenant, name) => {
      if (party.failure !== undefined) throw party.failure;
      return party.lenders.get(name);
    },
  };
  return party;
}

/** Every seller is a legal person of its own, controlled by a person of its own. */
export const verifiedSeller = (name: string): Answers<'seller'> => ({
  state: 'VERIFIED',
  legalPersonKey: `person of ${name}`,
  controllerKeys: [`controller of ${name}`],
  verifiedUntil: '2020-12-31' as CalendarDate,
  blockTime: undefined,
  greenUntil: undefined,
});
