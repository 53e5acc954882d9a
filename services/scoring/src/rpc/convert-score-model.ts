/** Score models on the wire. */
import type { MessageInitShape } from '@bufbuild/protobuf';
import {
  type ModelReportSchema,
  ScoreModelState,
  type ScoreModelVersionSchema,
  type TrainModelRequest,
} from '@lianbao/api/lianbao/scoring/v1/scoring_service_pb';
import { readDate, toDate, toTimestamp } from '@lianbao/grpc';
import { resourceUid, type Tenant } from '@lianbao/kernel';
import type { TrainingWish } from '../application/start-training.ts';
import type {
  ModelReport,
  ScoreModelVersion,
  ScoreModelState as State,
} from '../domain/score-model.ts';

export const readTrainingWish = (request: TrainModelRequest): TrainingWish => ({
  name: `scoreModels/${request.scoreModelId}/versions/${request.versionId}`,
  asOf: readDate(request.asOf, 'as_of'),
  centralTendencyPpm: request.centralTendencyPpm,
  labels: request.labels.map(({ seller, bad, observedDate }, at) => ({
    seller,
    isBad: bad,
    observedDate: readDate(observedDate, `labels[${at}].observed_date`),
  })),
});

const states: Readonly<Record<State, ScoreModelState>> = {
  TRAINING: ScoreModelState.TRAINING,
  FAILED: ScoreModelState.FAILED,
  DRAFT: ScoreModelState.DRAFT,
  VALIDATED: ScoreModelState.VALIDATED,
  CHAMPION: ScoreModelState.CHAMPION,
  RETIRED: ScoreModelState.RETIRED,
};

const toReport = (report: ModelReport): MessageInitShape<typeof ModelReportSchema> => ({
  goodCount: report.goodCount,
  badCount: report.badCount,
  aucPpm: BigInt(report.aucPpm),
  aucDeviationPpm: BigInt(report.aucDeviationPpm),
  ksPpm: BigInt(report.ksPpm),
  brierPpm: BigInt(report.brierPpm),
  shuffledAucPpm: BigInt(report.shuffledAucPpm),
  points: [...report.points],
  basePoints: report.basePoints,
  grades: [...report.grades],
});

export const toScoreModel =
  (tenant: Tenant) =>
  (model: ScoreModelVersion): MessageInitShape<typeof ScoreModelVersionSchema> => ({
    name: model.name,
    uid: resourceUid(tenant, model.name),
    state: states[model.state],
    artefactHash: model.artefactHash ?? '',
    centralTendencyPpm: model.centralTendencyPpm,
    labelCount: model.labelCount,
    asOf: toDate(model.asOf),
    ...(model.report === undefined ? {} : { report: toReport(model.report) }),
    maker: model.maker,
    validator: model.validator ?? '',
    promoter: model.promoter ?? '',
    failure: model.failure ?? '',
    createTime: toTimestamp(model.createdAt),
    updateTime: toTimestamp(model.updatedAt),
    etag: String(model.revision),
  });
