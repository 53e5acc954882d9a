/**
 * What a validator reads of the regression: standard errors and tests of the ridge that ships, and for a
 * small sample what Firth's penalty gives in its place. Firth's never ships: on the sets at hand it ranks
 * worse than the ridge (cumcm2020c, five folds: AUC .837 against .863). Its tests hold where those of a
 * ridge do not, with few bads and where the classes separate (Heinze and Schemper 2002).
 */
import {
  type CoefficientTest,
  firthTests,
  type RegressionTests,
  ridgeTests,
} from './coefficient-test.ts';
import { firthMaximum, withMeanPd } from './firth.ts';
import type { Model } from './model.ts';
import type { HeldOutLoss } from './ridge.ts';

/** From so many bads on, what Firth's penalty corrects is too little to look at (scoring.md 5). */
export const firthBelowBads = 100;

export interface RegressionReport extends Pick<RegressionTests, 'intercept' | 'whole'> {
  /** All that entered the regression, those on their bound too. */
  readonly features: readonly (CoefficientTest & { readonly id: string })[];
}

export interface FirthReport extends RegressionReport {
  /** Of ln(odds of bad), set so that the mean PD is the bad rate (FLIC). */
  readonly meanIntercept: number;
  /** Beside those of the ridge path. */
  readonly heldOut: HeldOutLoss;
}

export const ridgeReport = (model: Model, bad: Uint8Array): RegressionReport =>
  named(model, ridgeTests(weightsOf(model), bad, model.lambda, model.fit));

/** Undefined from `firthBelowBads` on, and where a column is a combination of others. */
export function firthReport(model: Model, bad: Uint8Array): FirthReport | undefined {
  if (model.firth === undefined) return undefined;
  const columns = weightsOf(model);
  const fit = firthMaximum(columns, bad);
  if (fit === undefined) return undefined;
  return {
    ...named(model, firthTests(columns, bad, fit)),
    meanIntercept: withMeanPd(columns, bad, fit).intercept,
    heldOut: model.firth,
  };
}

const weightsOf = ({ regressors }: Model): readonly Float64Array[] =>
  regressors.map(({ weights }) => weights);

const named = (
  { regressors }: Model,
  { intercept, coefficients, whole }: RegressionTests,
): RegressionReport => ({
  intercept,
  whole,
  features: coefficients.map((test, at) => ({ id: regressors[at]?.id as string, ...test })),
});
