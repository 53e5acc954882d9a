/** The composition root of approval, wired by hand. */
import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  ApplicationService,
  LenderTaskService,
  PolicyService,
  ProductService,
} from '@lianbao/api/lianbao/approval/v1/approval_service_pb';
import {
  type Background,
  type Bus,
  background,
  eventsMigrations,
  parkedCommand,
  type Subscription,
} from '@lianbao/events';
import { type Binding, bind, channelTo, type Served } from '@lianbao/grpc';
import type { Clock, Log, Meter, Tenant } from '@lianbao/kernel';
import {
  type Database,
  type Migrations,
  openDatabase,
  persistenceMigrations,
} from '@lianbao/persistence';
import type { PartyPort } from './application/ports.ts';
import { type UseCases, useCasesOf } from './application/use-cases.ts';
import { usualWatchLimits, type WatchLimits } from './application/watch-application.ts';
import { partyClient } from './clients/party-client.ts';
import type { ApprovalConfig } from './config.ts';
import { partyEvents } from './events/party-events.ts';
import { scoringEvents } from './events/scoring-events.ts';
import { approvalAccess } from './rpc/access.ts';
import { applicationService } from './rpc/application-service.ts';
import { lenderTaskService } from './rpc/lender-task-service.ts';
import { policyService } from './rpc/policy-service.ts';
import { productService } from './rpc/product-service.ts';
import { changeHub, revisionsIn } from './storage/changes.ts';
import { PolicyVersionRow } from './storage/policy-row.ts';
import { ProductVersionRow } from './storage/product-row.ts';
import { storeOn, type TransactionOn, transactionOn } from './storage/store.ts';
import { timerActs } from './storage/timer-acts.ts';

export type { PartyPort } from './application/ports.ts';
export type { ApprovalConfig } from './config.ts';
export { approvalAccess } from './rpc/access.ts';

export interface ServiceOptions {
  readonly config: ApprovalConfig;
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
  readonly bus: Bus;
  /** For calls to other services. */
  readonly token: (tenant: Tenant) => Promise<string>;
  /** Stands in for party; left out, it is called at the configured address. */
  readonly party?: PartyPort;
  /** Left out: heartbeats each 20 seconds, four minutes. */
  readonly watchLimits?: WatchLimits;
}

export interface Service extends Served, Pick<Background, 'start' | 'stop' | 'runTimers'> {
  readonly name: string;
}

export const approvalMigrations: readonly Migrations[] = [
  persistenceMigrations,
  eventsMigrations,
  { owner: 'approval', folder: fileURLToPath(new URL('../migrations', import.meta.url)) },
];

const subscriptionsOn = (on: TransactionOn, clock: Clock): readonly Subscription[] => [
  scoringEvents(on, clock),
  partyEvents(on),
];

const openApprovalDatabase = (url: string, log: Log): Promise<Database> =>
  openDatabase({
    url,
    entities: [ProductVersionRow, PolicyVersionRow],
    schema: approvalMigrations,
    applicationName: 'approval',
    log,
  });

/** Lists, replays or skips events that could not be handled; returns lines to print. */
export async function operateParked(
  options: Pick<ServiceOptions, 'clock' | 'log' | 'meter'> & {
    readonly config: Pick<ApprovalConfig, 'databaseUrl' | 'tenants'>;
  },
  words: readonly string[],
): Promise<readonly string[]> {
  const { config, clock, log, meter } = options;
  const database = await openApprovalDatabase(config.databaseUrl, log);
  const subscriptions = subscriptionsOn(
    transactionOn(() => {}),
    clock,
  );
  try {
    const { tenants } = config;
    return await parkedCommand({ database, tenants, clock, log, meter, subscriptions }, words);
  } finally {
    await database.close();
  }
}

/** Opens the database and registers with the bus; nothing runs before `start`. */
export async function createApproval(options: ServiceOptions): Promise<Service> {
  const { config, clock, log, meter, bus, token } = options;
  const { tenants, databaseUrl: url, idempotencyDays } = config;
  const database = await openApprovalDatabase(url, log);
  const dial = () => channelTo(config.partyAddress, config.partyTls);
  const channel = options.party === undefined ? dial() : undefined;
  const party = options.party ?? partyClient(channel ?? dial(), token);
  const changes = changeHub(revisionsIn(database), log);
  const on = transactionOn(changes.changed);
  const work = background({
    ...{ database, url, tenants, clock, log, meter, bus, idempotencyDays },
    subscriptions: subscriptionsOn(on, clock),
    timers: timerActs(on, { log, meter }),
  });
  const store = storeOn(database, on);
  const useCases = useCasesOf({
    ...{ store, party, changes, clock, log, meter },
    watchLimits: options.watchLimits ?? usualWatchLimits,
    newToken: () => randomUUID(),
    breathe: () => setImmediate(),
  });

  return {
    name: 'approval',
    bindings: bindingsOf(useCases),
    access: approvalAccess,
    serving: work.running,
    start: work.start,
    stop: async () => {
      changes.stop();
      await work.stop();
      channel?.close();
      await database.close();
    },
    runTimers: work.runTimers,
  };
}

const bindingsOf = (useCases: UseCases): readonly Binding[] => [
  bind(ProductService, productService(useCases)),
  bind(PolicyService, policyService(useCases)),
  bind(ApplicationService, applicationService(useCases)),
  bind(LenderTaskService, lenderTaskService(useCases)),
];
