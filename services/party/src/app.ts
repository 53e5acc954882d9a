/** The composition root of party, wired by hand. */
import { fileURLToPath } from 'node:url';
import {
  ConsentService,
  EventFeedService,
  PartnerService,
  SellerService,
} from '@lianbao/api/lianbao/party/v1/party_service_pb';
import {
  type Background,
  type Bus,
  background,
  eventsMigrations,
  parkedCommand,
  type Subscription,
} from '@lianbao/events';
import { type Binding, bind, type Served } from '@lianbao/grpc';
import type { Clock, Log, Meter } from '@lianbao/kernel';
import {
  type Database,
  keyedHash,
  type Migrations,
  openDatabase,
  persistenceMigrations,
  readKeyRing,
} from '@lianbao/persistence';
import { blockSeller, unblockSeller } from './application/block-seller.ts';
import { createConsent } from './application/create-consent.ts';
import { createLender } from './application/create-lender.ts';
import { createPlatform } from './application/create-platform.ts';
import { createSeller } from './application/create-seller.ts';
import type { Dependencies } from './application/dependencies.ts';
import { withdrawConsent } from './application/end-consent.ts';
import { approveGreenListing, proposeGreenListing } from './application/green-listing.ts';
import { listEvents } from './application/list-events.ts';
import { delistPlatform, whitelistPlatform } from './application/list-platform.ts';
import { checkConsent, getConsent, listConsents } from './application/read-consents.ts';
import { getLender, getPlatform, listLenders, listPlatforms } from './application/read-partners.ts';
import { getSeller, listSellers } from './application/read-sellers.ts';
import { recordVerification } from './application/record-verification.ts';
import type { PartyConfig } from './config.ts';
import { approvalEvents } from './events/approval-events.ts';
import { feedEvents } from './events/feed-events.ts';
import { partyAccess } from './rpc/access.ts';
import { consentService } from './rpc/consent-service.ts';
import { eventFeedService, feedFiles } from './rpc/event-feed-service.ts';
import { partnerService } from './rpc/partner-service.ts';
import { sellerService } from './rpc/seller-service.ts';
import { forgetFeed } from './storage/feed-store.ts';
import { partyEntities } from './storage/partner-row.ts';
import { createStore } from './storage/store.ts';
import { timerActs } from './storage/timer-acts.ts';

export { type PartyConfig, partyDefaults } from './config.ts';
export { partyAccess } from './rpc/access.ts';

export interface ServiceOptions {
  readonly config: PartyConfig;
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
  readonly bus: Bus;
}

export interface Service extends Served, Pick<Background, 'start' | 'stop'> {
  readonly name: string;
}

export const partyMigrations: readonly Migrations[] = [
  persistenceMigrations,
  eventsMigrations,
  { owner: 'party', folder: fileURLToPath(new URL('../migrations', import.meta.url)) },
];

const partySubscriptions: readonly Subscription[] = [approvalEvents, ...feedEvents];

const openPartyDatabase = (url: string, log: Log): Promise<Database> =>
  openDatabase({
    url,
    entities: partyEntities,
    schema: partyMigrations,
    applicationName: 'party',
    log,
  });

/** Lists, replays or skips events that could not be handled; returns lines to print. */
export async function operateParked(
  options: Omit<ServiceOptions, 'bus'>,
  words: readonly string[],
): Promise<readonly string[]> {
  const { config, ...rest } = options;
  const database = await openPartyDatabase(config.databaseUrl, rest.log);
  const inbox = { ...rest, database, tenants: config.tenants };
  try {
    return await parkedCommand({ ...inbox, subscriptions: partySubscriptions }, words);
  } finally {
    await database.close();
  }
}

/** Opens the database and registers with the bus; nothing runs before `start`. */
export async function createParty(options: ServiceOptions): Promise<Service> {
  const { config, clock, log, meter, bus } = options;
  const { tenants, databaseUrl: url, signatureProviders, idempotencyDays } = config;
  const ring = readKeyRing(config.keyRing);
  const database = await openPartyDatabase(url, log);
  const work = background({
    ...{ database, url, tenants, clock, log, meter, bus, idempotencyDays },
    subscriptions: partySubscriptions,
    timers: timerActs(ring),
    forget: forgetFeed,
  });

  return {
    name: 'party',
    bindings: bindingsOf({
      store: createStore(database, ring),
      clock,
      keyOf: (tenant, identityNumber) => keyedHash(ring, tenant, identityNumber),
      signatureProviders,
    }),
    access: partyAccess,
    serving: work.running,
    start: work.start,
    stop: async () => {
      await work.stop();
      await database.close();
    },
  };
}

const bindingsOf = (dependencies: Dependencies): readonly Binding[] => [
  bind(
    PartnerService,
    partnerService(
      {
        createPlatform: createPlatform(dependencies),
        createLender: createLender(dependencies),
        whitelistPlatform: whitelistPlatform(dependencies),
        delistPlatform: delistPlatform(dependencies),
        getPlatform: getPlatform(dependencies),
        listPlatforms: listPlatforms(dependencies),
        getLender: getLender(dependencies),
        listLenders: listLenders(dependencies),
      },
      dependencies.clock,
    ),
  ),
  bind(
    SellerService,
    sellerService(
      {
        createSeller: createSeller(dependencies),
        getSeller: getSeller(dependencies),
        listSellers: listSellers(dependencies),
        recordVerification: recordVerification(dependencies),
        blockSeller: blockSeller(dependencies),
        unblockSeller: unblockSeller(dependencies),
        proposeGreenListing: proposeGreenListing(dependencies),
        approveGreenListing: approveGreenListing(dependencies),
      },
      dependencies.clock,
    ),
  ),
  bind(
    ConsentService,
    consentService(
      {
        createConsent: createConsent(dependencies),
        getConsent: getConsent(dependencies),
        listConsents: listConsents(dependencies),
        withdrawConsent: withdrawConsent(dependencies),
        checkConsent: checkConsent(dependencies),
      },
      dependencies.clock,
    ),
  ),
  bind(EventFeedService, eventFeedService({ listEvents: listEvents(dependencies) }), feedFiles),
];
