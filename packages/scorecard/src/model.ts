/** Model S: bins, weights of evidence, a ridge logistic in the cone, calibrated (scoring.md 5). */
import type { BinnedFeature } from './binning.ts';
import { type Calibration, chooseCalibration } from './calibrate.ts';
import { checkTable, type TrainingTable } from './column.ts';
import type { TrainingConfig } from './config.ts';
import { fitLogistic, type LogisticFit, marginsOf } from './logistic.ts';
import { chooseRidge, type HeldOutLoss, type RidgeStep } from './ridge.ts';
import { type DroppedFeature, selectFeatures, trainingWeights } from './select.ts';

export interface ModelFeature {
  readonly binned: BinnedFeature;
  /** In the table. */
  readonly position: number;
  /** Of ln(odds of bad), below 0. */
  readonly coefficient: number;
}

export interface Model {
  readonly features: readonly ModelFeature[];
  readonly dropped: readonly DroppedFeature[];
  readonly fit: LogisticFit;
  readonly lambda: number;
  readonly ridgePath: readonly RidgeStep[];
  readonly calibration: Calibration;
  /** ln(odds of bad) of each training row before calibration. */
  readonly margins: Float64Array;
  /** What entered the regression: the features that binning kept, by their weights. */
  readonly regressors: readonly Regressor[];
  /** Of Firth's penalty on the inner folds, where it was asked for and each fold had information for it. */
  readonly firth: HeldOutLoss | undefined;
}

export interface Regressor {
  readonly id: string;
  readonly weights: Float64Array;
}

/** `withFirth`: the inner folds are fitted with Firth's penalty too, for the report. */
export function fitModel(table: TrainingTable, config: TrainingConfig, withFirth = false): Model {
  checkTable(table);
  const { kept, positions, dropped } = selectFeatures(table, config);
  const columns = kept.map(trainingWeights);
  const ridge = chooseRidge(table, config, withFirth);
  const fit = fitLogistic(columns, table.bad, ridge.lambda);
  const features: ModelFeature[] = [];
  const dropouts = [...dropped];
  for (const [at, binned] of kept.entries()) {
    const coefficient = fit.coefficients[at] as number;
    if (coefficient < 0) {
      features.push({ binned, position: positions[at] as number, coefficient });
      continue;
    }
    const { informationValue, definition } = binned;
    dropouts.push({ id: definition.id, informationValue, why: 'coefficient on its bound' });
  }
  return {
    features,
    dropped: dropouts,
    fit,
    lambda: ridge.lambda,
    ridgePath: ridge.path,
    calibration: chooseCalibration(ridge.margins, table.bad, config.binning.innerFolds),
    margins: marginsOf(columns, table.bad.length, fit),
    regressors: columns.map((weights, at) => ({ id: kept[at]?.definition.id as string, weights })),
    firth: ridge.firth,
  };
}
