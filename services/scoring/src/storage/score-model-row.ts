import { defineEntity, type InferEntity } from '@mikro-orm/core';
import type { ModelReport } from '../domain/score-model.ts';

const p = defineEntity.properties;

export const ScoreModelRow = defineEntity({
  name: 'ScoreModelRow',
  tableName: 'score_model_version',
  properties: {
    tenant: p.string().primary(),
    uid: p.uuid().primary(), // Of the resource.
    name: p.string(),
    state: p.enum(['TRAINING', 'FAILED', 'DRAFT', 'VALIDATED', 'CHAMPION', 'RETIRED'] as const),
    asOf: p.date(),
    centralTendencyPpm: p.bigint('bigint'),
    labelCount: p.integer(),
    artefactHash: p.string().nullable(),
    report: p.json<ModelReport>().nullable(),
    failure: p.string().nullable(),
    maker: p.string(),
    validator: p.string().nullable(),
    promoter: p.string().nullable(),
    revision: p.integer(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
  },
});
export type ScoreModelRow = InferEntity<typeof ScoreModelRow>;
