export {
  type Artefact,
  artefactHash,
  artefactText,
  type DevelopmentMetrics,
  type Provenance,
  type TestVector,
} from './artefact.ts';
export { type Answers, answersFor, type ValueRow } from './batch.ts';
export type { BinKind } from './binning.ts';
export type { Card, CardBin, CardFeature } from './card.ts';
export type { ChiSquareTest, CoefficientTest } from './coefficient-test.ts';
export {
  type FeatureDefinition,
  TrainingDataUnfit,
  type TrainingTable,
  type Trend,
} from './column.ts';
export { ArtefactCorrupt, compile } from './compile.ts';
export { defaultConfig, type TrainingConfig } from './config.ts';
export { type CrossValidation, crossValidate, type HeldOutScore } from './cross-validate.ts';
export {
  type LendableClass,
  type LimitTable,
  type MonthlySales,
  type SuggestedLimit,
  suggestedLimit,
} from './limit.ts';
export {
  type CreditClass,
  classOf,
  type Grade,
  type GradeDistribution,
  gradeDistribution,
  gradeOf,
  grades,
} from './master-scale.ts';
export { auc, brier, calibrationError, ks, logLoss } from './metrics.ts';
export { type Random, seededRandom } from './random.ts';
export { noReason, type Reason, type ReasonText, reasonsMax } from './reason.ts';
export type { FirthReport, RegressionReport } from './regression-report.ts';
export type { Contribution, ScoreResult, Scorer } from './scorer.ts';
export { type TrainingReport, train } from './train.ts';
