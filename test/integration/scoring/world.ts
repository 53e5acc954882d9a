/** A scoring service of the test's own: database, local bus, real gRPC, and a party that says what it is told. */
import {
  create,
  type DescMessage,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from '@bufbuild/protobuf';
import { ApplicationSubmittedSchema } from '@lianbao/api/lianbao/approval/v1/approval_events_pb';
import { EvidenceKind } from '@lianbao/api/lianbao/approval/v1/approval_service_pb';
import {
  ScoreModelService,
  ScoringService,
  TradingRecordService,
} from '@lianbao/api/lianbao/scoring/v1/scoring_service_pb';
import {
  type Bus,
  type Delivery,
  deliveryOf,
  localBus,
  readDelivery,
  recordOf,
  topicName,
} from '@lianbao/events';
import {
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
  resourceUid,
  type SteppedClock,
  silentLog,
  silentMeter,
  steppedClock,
  type Tenant,
} from '@lianbao/kernel';
import { createScoring, type PartyPort, scoringAccess } from '@lianbao/scoring';
import pg from 'pg';
import { onTestFinished } from 'vitest';
import { type FreshDatabase, freshDatabase } from '../../support/database.ts';
import { eventually } from '../../support/eventually.ts';

export const tenant = 'local' as Tenant;
export const platform = 'platforms/mall';
export const lender = 'lenders/bank';
export const seller = `${platform}/sellers/shop`;

/** What party would say. A test changes it; sellers that are not there are unknown. */
export interface FakeParty {
  readonly port: PartyPort;
  readonly sellers: Map<string, { isBlocked: boolean; legalPersonKey: string }>;
  /** `seller lender purpose`. */
  readonly consents: Set<string>;
  isReachable: boolean;
  asked: number;
}

function fakeParty(): FakeParty {
  const party: FakeParty = {
    sellers: new Map(),
    consents: new Set(),
    isReachable: true,
    asked: 0,
    port: {
      sellerOf: async (_, name) => {
        heard();
        return party.sellers.get(name);
      },
      consentFaults: async (_, uses) => {
        heard();
        return uses.map(({ seller, lender, purpose }) =>
          party.consents.has(`${seller} ${lender} ${purpose}`) ? undefined : 'NONE',
        );
      },
    },
  };
  const heard = () => {
    party.asked += 1;
    if (!party.isReachable) throw new Error('party cannot be reached');
  };
  return party;
}

export type Said = Delivery;

export interface World {
  readonly database: FreshDatabase;
  /** Ends it before the test does. */
  close(): Promise<void>;
  readonly clock: SteppedClock;
  readonly party: FakeParty;
  readonly admin: pg.Client;
  readonly address: string;
  readonly said: readonly Said[];
  as(claims: Omit<TokenClaims, 'tenant' | 'audience'>): Clients;
  readonly platform: Clients;
  readonly bank: Clients;
  operator(person: string): Clients;
  /** Tells scoring an event of another service; each key counts its own sequence. */
  tell<D extends DescMessage>(event: Told<D>): Promise<void>;
  /** The events of this type said so far. */
  heard<D extends DescMessage>(schema: D): readonly MessageShape<D>[];
  awaitSaid<D extends DescMessage>(schema: D, count: number): Promise<readonly MessageShape<D>[]>;
}

export interface Told<D extends DescMessage> {
  readonly topic: Parameters<typeof topicName>[0];
  readonly subject: string;
  readonly schema: D;
  readonly message: MessageInitShape<D>;
}

export type Clients = ReturnType<typeof clientsOn>;

const clientsOn = (address: string, token: () => Promise<string>) => {
  const channel = channelTo(address);
  onTestFinished(() => channel.close());
  return {
    records: clientOf(channel, TradingRecordService, { token }),
    scores: clientOf(channel, ScoringService, { token }),
    models: clientOf(channel, ScoreModelService, { token }),
  };
};

export interface Opening {
  readonly startsAt?: string;
  /** A database that another world left. */
  readonly database?: FreshDatabase;
}

export async function openWorld(opening: Opening = {}): Promise<World> {
  const { startsAt = '2020-02-21T01:00:00Z' } = opening;
  const database = opening.database ?? (await freshDatabase('scoring'));
  const { appUrl, adminUrl } = database;
  const clock = steppedClock(new Date(startsAt));
  const party = fakeParty();
  const bus = localBus();
  const said: Said[] = [];
  const hear: Parameters<Bus['subscribe']>[2] = async (records) => {
    said.push(...records.map(readDelivery));
  };
  bus.subscribe(
    'test.said',
    ['trading-record', 'score', 'score-model'].map((name) => topicName(name as 'score')),
    hear,
  );
  const keys = readIssuerKeys(await newIssuerKeys());
  const issuer = tokenIssuer(keys);
  const scoring = await createScoring({
    config: {
      databaseUrl: appUrl,
      tenants: [tenant],
      partyAddress: '127.0.0.1:1',
      idempotencyDays: 7,
    },
    clock: clock.now,
    log: silentLog,
    meter: silentMeter,
    bus,
    token: async () => '',
    party: party.port,
  });
  await bus.start();
  await scoring.start();
  const server = await serve({
    address: '127.0.0.1:0',
    bindings: scoring.bindings,
    access: scoringAccess,
    verify: tokenVerifier(keys.publicJwks),
    serving: scoring.serving,
    log: silentLog,
    meter: silentMeter,
    limits: { callsPerSecond: 100_000, callsBurst: 100_000, drainWaitMs: 0 },
  });
  const admin = new pg.Client({ connectionString: adminUrl });
  admin.on('error', () => undefined);
  await admin.connect();
  let closed: Promise<void> | undefined;
  const close = async () => {
    await admin.end();
    await server.drain();
    await scoring.stop();
    await bus.stop();
  };
  const closeOnce = () => {
    closed ??= close();
    return closed;
  };
  onTestFinished(closeOnce);
  await admin.query(`set app.tenant = 'local'`);

  const as: World['as'] = (claims) => {
    const token = issuer.issue({ ...claims, tenant, audience: ['scoring'] });
    return clientsOn(server.address, () => token);
  };
  const heard: World['heard'] = (schema) =>
    said
      .filter(({ type }) => type === schema.typeName)
      .map(({ payload }) => fromBinary(schema, payload));
  const sequences = new Map<string, bigint>();
  return {
    database,
    close: closeOnce,
    clock,
    party,
    admin,
    address: server.address,
    said,
    as,
    platform: as({ caller: 'PLATFORM', partner: platform }),
    bank: as({ caller: 'BANK', partner: lender, person: 'bank clerk', level: 'OFFICER' }),
    operator: (person) => as({ caller: 'OPERATOR', person }),
    tell: ({ topic, subject, schema, message }) => {
      const key = resourceUid(tenant, subject);
      const place = `${topic} ${key}`;
      const sequence = (sequences.get(place) ?? 0n) + 1n;
      sequences.set(place, sequence);
      const delivery = deliveryOf({
        ...{ topic: topicName(topic), key, subject, tenant, epoch: 0n, sequence, audience: [] },
        type: schema.typeName,
        time: clock.now(),
        correlationId: key,
        causationId: 'test',
        traceparent: undefined,
        payload: toBinary(schema, create(schema, message)),
      });
      return bus.send([recordOf(delivery)]);
    },
    heard,
    awaitSaid: (schema, count) =>
      eventually(`${count} ${schema.typeName}`, () => {
        const events = heard(schema);
        return events.length >= count ? events : undefined;
      }),
  };
}

export const applicationSubmitted = (
  application: string,
  policyHash: string,
  more: { readonly round?: number; readonly seller?: string } = {},
): Told<typeof ApplicationSubmittedSchema> => ({
  topic: 'application',
  subject: application,
  schema: ApplicationSubmittedSchema,
  message: {
    application,
    round: more.round ?? 1,
    seller: more.seller ?? seller,
    platform,
    lender,
    policyHash,
    evidenceWanted: [EvidenceKind.SCORE],
  },
});
