/** What scoring says. */
import {
  RefusalGround,
  ScoreComputedSchema,
  ScoreModelPromotedSchema,
  ScoreRefusedSchema,
  TradingRecordsAddedSchema,
} from '@lianbao/api/lianbao/scoring/v1/scoring_events_pb';
import { type Outgoing, topicName } from '@lianbao/events';
import { toDate, toMoney, toTimestamp } from '@lianbao/grpc';
import {
  type CalendarDate,
  dayOfIndex,
  fen,
  parentOf,
  resourceUid,
  sha256,
  type Tenant,
  type Uid,
} from '@lianbao/kernel';
import type { RefusedApplication } from '../application/ports.ts';
import type { Score } from '../domain/score.ts';
import type { ScoreModelVersion } from '../domain/score-model.ts';
import { type RefusalGround as Ground, groundOf } from '../domain/score-refusal.ts';
import type { StoredRecord } from '../domain/trading-record.ts';
import { toReasons } from '../rpc/convert-reason.ts';

const platformOf = (seller: string): string => parentOf(seller);

export const tradingRecordsAdded = (
  tenant: Tenant,
  seller: string,
  accepted: readonly StoredRecord[],
  watermark: bigint,
): Outgoing<typeof TradingRecordsAddedSchema> => {
  const days = accepted.map(({ day }) => day);
  const dateOf = (pick: (a: number, b: number) => number) =>
    toDate(dayOfIndex(days.reduce((a, b) => pick(a, b))) as CalendarDate);
  return {
    topic: topicName('trading-record'),
    key: resourceUid(tenant, seller),
    subject: seller,
    schema: TradingRecordsAddedSchema,
    message: {
      seller,
      sources: [...new Set(accepted.map(({ source }) => source))],
      firstDate: dateOf(Math.min),
      lastDate: dateOf(Math.max),
      acceptedCount: accepted.length,
      watermark,
      contentHash: sha256(accepted.map(lineOf).join('\n')),
    },
    audience: [platformOf(seller)],
  };
};

/** No field holds a tab. */
const lineOf = (record: StoredRecord): string =>
  [
    record.ingestSequence,
    record.source,
    record.externalId,
    record.revision,
    record.day,
    record.direction,
    record.isVoid ? 'VOID' : 'VALID',
    record.counterparty,
    record.netFen,
    record.taxFen,
  ].join('\t');

/** One application's answers keep their order; without one, those of the seller do. */
const scoreKey = (tenant: Tenant, seller: string, application: string | undefined): Uid =>
  resourceUid(tenant, application ?? seller);

export const scoreComputed = (
  tenant: Tenant,
  score: Score,
): Outgoing<typeof ScoreComputedSchema> => ({
  topic: topicName('score'),
  key: scoreKey(tenant, score.seller, score.application),
  subject: score.name,
  schema: ScoreComputedSchema,
  message: {
    score: score.name,
    seller: score.seller,
    application: score.application ?? '',
    round: score.round,
    points: score.points,
    grade: score.grade,
    pdPpm: score.pdPpm,
    suggestedLimit: toMoney(fen(score.limitFen)),
    limitTerm: score.limitTerm,
    sales12m: toMoney(fen(score.sales12mFen)),
    freeCash90d: toMoney(fen(score.freeCash90Fen)),
    monthsWithSales: score.monthsWithSales,
    newestRecordDate: toDate(score.newestRecordDate),
    modelVersion: score.modelVersion,
    artefactHash: score.artefactHash,
    inputsHash: score.inputsHash,
    reasons: toReasons(score.reasonsToBest),
    asOf: toDate(score.asOf),
    validUntil: toTimestamp(score.expiresAt),
  },
  audience: [platformOf(score.seller), score.lender],
});

const grounds: Readonly<Record<Ground, RefusalGround>> = {
  RISK: RefusalGround.RISK,
  DATA: RefusalGround.DATA,
};

export const scoreRefused = (
  tenant: Tenant,
  { application, round, seller, lender, reasons }: RefusedApplication,
): Outgoing<typeof ScoreRefusedSchema> => ({
  topic: topicName('score'),
  key: scoreKey(tenant, seller, application),
  subject: application,
  schema: ScoreRefusedSchema,
  message: {
    seller,
    application,
    round,
    refusals: reasons.map((reason) => ({ reason, ground: grounds[groundOf[reason]] })),
  },
  audience: [platformOf(seller), lender],
});

/** Keyed by the model, whose versions follow one another. */
export const scoreModelPromoted = (
  tenant: Tenant,
  champion: ScoreModelVersion,
  retired: ScoreModelVersion | undefined,
): Outgoing<typeof ScoreModelPromotedSchema> => ({
  topic: topicName('score-model'),
  key: resourceUid(tenant, parentOf(champion.name)),
  subject: champion.name,
  schema: ScoreModelPromotedSchema,
  message: {
    scoreModelVersion: champion.name,
    artefactHash: champion.artefactHash ?? '',
    retired: retired?.name ?? '',
  },
  audience: [],
});
