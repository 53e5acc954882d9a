/** Training: from a table to an artefact and a report. Pure; the same input gives the same bytes. */
import {
  type Artefact,
  artefactHash,
  type Provenance,
  schemaVersion,
  storedLimitTable,
} from './artefact.ts';
import { trendWorths } from './binning.ts';
import { calibrated } from './calibrate.ts';
import { makeCard } from './card-making.ts';
import type { TrainingTable } from './column.ts';
import type { TrainingConfig } from './config.ts';
import { twelveDigits } from './digits.ts';
import { type GradeDistribution, gradeDistribution, gradeOf } from './master-scale.ts';
import { auc, brier, ks, logLoss } from './metrics.ts';
import { fitModel, type Model } from './model.ts';
import { pdPpmOf } from './points.ts';
import {
  type FirthReport,
  firthBelowBads,
  firthReport,
  type RegressionReport,
  ridgeReport,
} from './regression-report.ts';
import type { RidgeStep } from './ridge.ts';
import { scorerOf } from './scorer.ts';
import { makeTestVectors } from './test-vector.ts';

export interface TrainingReport {
  readonly artefactHash: string;
  readonly lambda: number;
  readonly ridgePath: readonly RidgeStep[];
  readonly calibration: Artefact['calibration'];
  readonly leftOut: Artefact['leftOut'];
  readonly trends: Artefact['trends'];
  readonly development: Artefact['development'];
  /** Grades of the development sample with the sample's own PD, without the shift. */
  readonly sampleGradeCounts: GradeDistribution;
  /** Greatest violation of the conditions for a maximum. */
  readonly residual: number;
  readonly regression: RegressionReport;
  /** Below 100 bads, for comparison. */
  readonly firth: FirthReport | undefined;
}

export function train(
  table: TrainingTable,
  config: TrainingConfig,
  provenance: Provenance,
): { readonly artefact: Artefact; readonly report: TrainingReport } {
  const bads = table.bad.reduce((sum, label) => sum + label, 0);
  const model = fitModel(table, config, bads < firthBelowBads);
  const featureIds = table.features.map(({ id }) => id);
  const { card, priorShift, scores } = makeCard(model, featureIds, config);
  const scorer = scorerOf(card, config.limitTable);
  const pdPpm = Array.from(scores, scorer.pdPpmAt);
  const pd = Float64Array.from(
    calibrated(model.calibration, model.margins),
    (z) => pdPpmOf(z) / 1_000_000,
  );
  const risk = Array.from(scores, (score) => -score);
  const innerLeast = model.ridgePath.find(({ lambda }) => lambda === model.lambda);
  const artefact: Artefact = {
    schemaVersion,
    model: 'S',
    provenance: {
      featureSetVersion: provenance.featureSetVersion,
      asOf: provenance.asOf,
      dataHash: provenance.dataHash,
    },
    seed: config.seed,
    config: storedConfig(config),
    sample: { rows: table.bad.length, bads },
    lambda: model.lambda,
    calibration: {
      kind: model.calibration.kind,
      intercept: twelveDigits(model.calibration.intercept),
      slope: twelveDigits(model.calibration.slope),
      priorShift: twelveDigits(priorShift),
    },
    card,
    leftOut: model.dropped.map((one) => ({
      ...one,
      informationValue: twelveDigits(one.informationValue),
    })),
    trends: trendsOf(model),
    limitTable: storedLimitTable(config.limitTable),
    development: {
      auc: twelveDigits(auc(risk, table.bad)),
      ks: twelveDigits(ks(risk, table.bad)),
      brier: twelveDigits(brier(pd, table.bad)),
      logLoss: twelveDigits(logLoss(pd, table.bad)),
      innerLogLoss: twelveDigits(innerLeast?.logLoss ?? 0),
      gradeCounts: gradeDistribution(pdPpm.map(gradeOf)),
    },
    testVectors: makeTestVectors(scorer, config.seed),
  };
  const { lambda, calibration, leftOut, trends, development } = artefact;
  return {
    artefact,
    report: {
      artefactHash: artefactHash(artefact),
      lambda,
      ridgePath: model.ridgePath,
      calibration,
      leftOut,
      trends,
      development,
      sampleGradeCounts: gradeDistribution(
        Array.from(pd, (chance) => gradeOf(Math.round(chance * 1_000_000))),
      ),
      residual: model.fit.residual,
      regression: ridgeReport(model, table.bad),
      firth: firthReport(model, table.bad),
    },
  };
}

const storedConfig = (config: TrainingConfig): Artefact['config'] => ({
  centralTendencyPpm: config.centralTendencyPpm?.toString() ?? null,
  informationValueMin: config.informationValueMin,
  lambdas: config.lambdas,
  binning: { ...config.binning },
});

const trendsOf = ({ features }: Model): Artefact['trends'] =>
  features.map(({ binned }) => ({
    id: binned.definition.id,
    chosen: binned.trend,
    worths: Object.fromEntries(
      Object.entries(trendWorths(binned)).map(([trend, worth]) => [trend, twelveDigits(worth)]),
    ),
  }));
