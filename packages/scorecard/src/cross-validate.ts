/**
 * How good the way of training is: each row is scored by a card that never saw it. All that is learnt
 * from data is learnt inside the training part (scoring.md 2), and what is measured is what would ship:
 * whole points and their PD.
 */
import { makeCard } from './card-making.ts';
import { checkTable, rowsOf, splitsOf, type TrainingTable } from './column.ts';
import type { TrainingConfig } from './config.ts';
import { type Grade, gradeOf } from './master-scale.ts';
import { auc, brier, calibrationError, ks, logLoss, type Spread, spreadOf } from './metrics.ts';
import { fitModel } from './model.ts';
import { scorerOf } from './scorer.ts';

export interface HeldOutScore {
  readonly points: number;
  /** Shifted to the central tendency. */
  readonly pdPpm: bigint;
  readonly grade: Grade;
  /** With the bad rate of the sample, without that shift. */
  readonly samplePdPpm: bigint;
  readonly sampleGrade: Grade;
}

export interface CrossValidation {
  /** Plain means over folds; ranking has no value in a fold of one class. PDs are those of the sample, without shift, so that they meet its labels. */
  readonly auc: number;
  readonly ks: number;
  readonly brier: number;
  readonly logLoss: number;
  readonly calibrationError: number;
  readonly aucDeviation: number;
  readonly brierDeviation: number;
  readonly lambdas: readonly number[];
  /** By row of the table. */
  readonly rows: readonly HeldOutScore[];
}

export function crossValidate(
  table: TrainingTable,
  config: TrainingConfig,
  folds = 5,
): CrossValidation {
  checkTable(table);
  const featureIds = table.features.map(({ id }) => id);
  const rows: HeldOutScore[] = new Array(table.bad.length);
  const measured: Record<'auc' | 'ks' | 'brier' | 'logLoss' | 'calibrationError', number>[] = [];
  const lambdas: number[] = [];
  for (const { train, test } of splitsOf(table.bad.length, folds)) {
    const model = fitModel(rowsOf(table, train), config);
    lambdas.push(model.lambda);
    const held = rowsOf(table, test);
    const shifted = heldScores(model, featureIds, held, config);
    const own = heldScores(model, featureIds, held, { ...config, centralTendencyPpm: undefined });
    const risk = own.points.map((points) => -points);
    const pd = Float64Array.from(own.pdPpm, (ppm) => ppm / 1_000_000);
    measured.push({
      auc: auc(risk, held.bad),
      ks: ks(risk, held.bad),
      brier: brier(pd, held.bad),
      logLoss: logLoss(pd, held.bad),
      calibrationError: calibrationError(pd, held.bad),
    });
    for (const [at, row] of test.entries()) {
      const pdPpm = shifted.pdPpm[at] as number;
      const samplePdPpm = own.pdPpm[at] as number;
      rows[row] = {
        points: shifted.points[at] as number,
        pdPpm: BigInt(pdPpm),
        grade: gradeOf(pdPpm),
        samplePdPpm: BigInt(samplePdPpm),
        sampleGrade: gradeOf(samplePdPpm),
      };
    }
  }
  const over = (metric: keyof (typeof measured)[number]): Spread =>
    spreadOf(measured.map((fold) => fold[metric]).filter(Number.isFinite));
  return {
    auc: over('auc').mean,
    ks: over('ks').mean,
    brier: over('brier').mean,
    logLoss: over('logLoss').mean,
    calibrationError: over('calibrationError').mean,
    aucDeviation: over('auc').deviation,
    brierDeviation: over('brier').deviation,
    lambdas,
    rows,
  };
}

function heldScores(
  model: ReturnType<typeof fitModel>,
  featureIds: readonly string[],
  held: TrainingTable,
  config: TrainingConfig,
) {
  const scorer = scorerOf(makeCard(model, featureIds, config).card, config.limitTable);
  const points = new Int32Array(held.bad.length);
  scorer.scorePoints(held.columns, points);
  return { points, pdPpm: Array.from(points, scorer.pdPpmAt) };
}
