/** The composition root of scoring, wired by hand. */
import { fileURLToPath } from 'node:url';
import {
  ScoreModelService,
  ScoringService,
  TradingRecordService,
} from '@lianbao/api/lianbao/scoring/v1/scoring_service_pb';
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
import { answerApplication } from './application/answer-application.ts';
import { champions } from './application/champions.ts';
import { getTradingCoverage } from './application/get-trading-coverage.ts';
import type { PartyPort } from './application/ports.ts';
import { promoteModel } from './application/promote-model.ts';
import { getModel, listModels } from './application/read-models.ts';
import { explainScore, getScore, listScores, replayScore } from './application/read-scores.ts';
import { runTraining } from './application/run-training.ts';
import { scoreSeller } from './application/score-seller.ts';
import { startTraining } from './application/start-training.ts';
import { submitTradingRecords, takeStreamedRecords } from './application/submit-trading-records.ts';
import { validateModel } from './application/validate-model.ts';
import { partyClient } from './clients/party-client.ts';
import { trainingThread } from './clients/training-thread.ts';
import type { ScoringConfig } from './config.ts';
import { applicationEvents, policyEvents } from './events/approval-events.ts';
import { consentEvents, sellerEvents } from './events/party-events.ts';
import { policyZero } from './events/policy-zero.ts';
import { scoringAccess } from './rpc/access.ts';
import { scoreModelService } from './rpc/score-model-service.ts';
import { scoringService } from './rpc/scoring-service.ts';
import { tradingRecordService } from './rpc/trading-record-service.ts';
import { ScoreModelRow } from './storage/score-model-row.ts';
import { trainingTimer } from './storage/score-model-rows.ts';
import { storeOn, transactionOn } from './storage/store.ts';

export type { PartyPort } from './application/ports.ts';
export type { ScoringConfig } from './config.ts';
export { scoringAccess } from './rpc/access.ts';

export interface ServiceOptions {
  readonly config: ScoringConfig;
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
  readonly bus: Bus;
  /** For the calls to party. */
  readonly token: (tenant: Tenant) => Promise<string>;
  /** In place of party's own rpcs. */
  readonly party?: PartyPort;
}

export interface Service extends Served, Pick<Background, 'start' | 'stop'> {
  readonly name: string;
}

export const scoringMigrations: readonly Migrations[] = [
  persistenceMigrations,
  eventsMigrations,
  { owner: 'scoring', folder: fileURLToPath(new URL('../migrations', import.meta.url)) },
];

const openScoringDatabase = (url: string, log: Log): Promise<Database> =>
  openDatabase({
    url,
    entities: [ScoreModelRow],
    schema: scoringMigrations,
    applicationName: 'scoring',
    log,
  });

function partsOf(options: Omit<ServiceOptions, 'bus'>, database: Database) {
  const { config, clock, log, token } = options;
  const channel = channelTo(config.partyAddress, config.partyTls);
  const party = options.party ?? partyClient(channel, token);
  const models = champions(log);
  const transactions = transactionOn(policyZero);
  const store = storeOn(database, clock, transactions);
  const answer = answerApplication({ party, models, clock, log });
  const subscriptions: readonly Subscription[] = [
    sellerEvents,
    consentEvents,
    policyEvents,
    applicationEvents(answer, transactions, clock),
  ];
  return { channel, store, party, models, clock, subscriptions };
}

/** Lists, replays or skips events that could not be handled; returns lines to print. */
export async function operateParked(
  options: Omit<ServiceOptions, 'bus'>,
  words: readonly string[],
): Promise<readonly string[]> {
  const { config, clock, log, meter } = options;
  const database = await openScoringDatabase(config.databaseUrl, log);
  const { channel, subscriptions } = partsOf(options, database);
  const inbox = { database, tenants: config.tenants, clock, log, meter };
  try {
    return await parkedCommand({ ...inbox, subscriptions }, words);
  } finally {
    channel.close();
    await database.close();
  }
}

/** Opens the database and registers with the bus; nothing runs before `start`. */
export async function createScoring(options: ServiceOptions): Promise<Service> {
  const { config, clock, log, meter, bus } = options;
  const { tenants, databaseUrl: url, idempotencyDays } = config;
  const database = await openScoringDatabase(url, log);
  const { channel, subscriptions, ...parts } = partsOf(options, database);
  const training = runTraining({ ...parts, trainer: trainingThread, log });
  const work = background({
    ...{ database, url, tenants, clock, log, meter, bus, idempotencyDays, subscriptions },
    timers: {
      [trainingTimer]: { outside: (tenant, name, _, signal) => training(tenant, name, signal) },
    },
  });

  return {
    name: 'scoring',
    bindings: bindingsOf(parts),
    access: scoringAccess,
    serving: work.running,
    start: work.start,
    stop: async () => {
      await work.stop();
      channel.close();
      await database.close();
    },
  };
}

type Parts = Omit<ReturnType<typeof partsOf>, 'channel' | 'subscriptions'>;

const bindingsOf = (parts: Parts): readonly Binding[] => [
  bind(
    TradingRecordService,
    tradingRecordService(
      {
        submitTradingRecords: submitTradingRecords(parts),
        takeStreamedRecords: takeStreamedRecords(parts),
        getTradingCoverage: getTradingCoverage(parts),
      },
      parts.clock,
    ),
  ),
  bind(
    ScoringService,
    scoringService(
      {
        scoreSeller: scoreSeller(parts),
        getScore: getScore(parts),
        listScores: listScores(parts),
        explainScore: explainScore(parts),
        replayScore: replayScore(parts),
      },
      parts.clock,
    ),
  ),
  bind(
    ScoreModelService,
    scoreModelService(
      {
        startTraining: startTraining(parts),
        validateModel: validateModel(parts),
        promoteModel: promoteModel(parts),
        getModel: getModel(parts.store),
        listModels: listModels(parts.store),
      },
      parts.clock,
    ),
  ),
];
