/** Scores on the wire. */
import type { MessageInitShape } from '@bufbuild/protobuf';
import type {
  MissingDataSchema,
  ReplayScoreResponseSchema,
  ScoreExplanationSchema,
  ScoreSchema,
  TradingCoverageSchema,
} from '@lianbao/api/lianbao/scoring/v1/scoring_service_pb';
import { toDate, toMoney, toTimestamp } from '@lianbao/grpc';
import { type CalendarDate, fen } from '@lianbao/kernel';
import type { Contribution } from '@lianbao/scorecard';
import type { TradingCoverage } from '../application/get-trading-coverage.ts';
import type { Explanation } from '../application/read-scores.ts';
import type { Difference } from '../domain/replay.ts';
import type { MissingData, Score } from '../domain/score.ts';
import { toReasons } from './convert-reason.ts';

type WireMissing = MessageInitShape<typeof MissingDataSchema>;

const missing: Readonly<Record<MissingData, WireMissing>> = {
  PURCHASE_INVOICES: { source: 'PURCHASE_INVOICES', cause: 'NONE_SENT' },
};

export const toScore = (score: Score): MessageInitShape<typeof ScoreSchema> => ({
  name: score.name,
  uid: score.uid,
  seller: score.seller,
  lender: score.lender,
  application: score.application ?? '',
  round: score.round,
  points: score.points,
  grade: score.grade,
  pdPpm: score.pdPpm,
  suggestedLimit: toMoney(fen(score.limitFen)),
  limitTerm: score.limitTerm,
  modelVersion: score.modelVersion,
  asOf: toDate(score.asOf),
  watermark: score.watermark,
  inputsHash: score.inputsHash,
  reasons: toReasons(score.reasonsToBest),
  missingData: score.missingData.map((kind) => missing[kind]),
  sales12m: toMoney(fen(score.sales12mFen)),
  freeCash90d: toMoney(fen(score.freeCash90Fen)),
  createTime: toTimestamp(score.createdAt),
  expireTime: toTimestamp(score.expiresAt),
});

export const toExplanation = ({
  score,
  basePoints,
  contributions,
}: Explanation): MessageInitShape<typeof ScoreExplanationSchema> => ({
  score: toScore(score),
  basePoints,
  contributions: contributions.map((one) => ({
    feature: one.featureId,
    value: valueText(one),
    bin: one.binLabel,
    points: one.points,
    pointsBelowBest: one.pointsLost,
    pointsBelowMean: one.pointsBelowMean,
    reasonCode: one.reasonCode,
  })),
  reasonsToBest: toReasons(score.reasonsToBest),
  reasonsToMean: toReasons(score.reasonsToMean),
});

function valueText({ value, binKind, binLabel }: Contribution): string {
  if (Number.isNaN(value)) return 'missing';
  return binKind === 'SPECIAL' ? binLabel : String(value);
}

export const toReplay = (
  differences: readonly Difference[],
): MessageInitShape<typeof ReplayScoreResponseSchema> => ({
  identical: differences.length === 0,
  differences: [...differences],
});

export const toCoverage = (
  coverage: TradingCoverage,
): MessageInitShape<typeof TradingCoverageSchema> => ({
  seller: coverage.seller,
  watermark: coverage.watermark,
  saleCount: BigInt(coverage.saleCount),
  purchaseCount: BigInt(coverage.purchaseCount),
  ...dated('firstDate', coverage.firstDate),
  ...dated('lastDate', coverage.lastDate),
  monthsWithSales: coverage.monthsWithSales,
  missing: coverage.missing.map((cause) => ({ source: 'INVOICES', cause })),
});

const dated = <Field extends string>(field: Field, date: CalendarDate | undefined) =>
  (date === undefined ? {} : { [field]: toDate(date) }) as Partial<
    Record<Field, ReturnType<typeof toDate>>
  >;
