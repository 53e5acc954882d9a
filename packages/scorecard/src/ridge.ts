/**
 * The strength of the ridge, by log loss on inner folds in which bins and weights are learnt anew. Of the
 * strengths whose loss is within one standard error of the least, the strongest is taken.
 */
import { checkTable, rowsOf, splitsOf, type TrainingTable, valuesAt } from './column.ts';
import type { TrainingConfig } from './config.ts';
import { firthMaximum, withMeanPd } from './firth.ts';
import { fitLogistic, type LogisticFit, marginsOf, softplus } from './logistic.ts';
import { binsOf } from './lookup.ts';
import { selectFeatures, trainingWeights, weightsOf } from './select.ts';

export interface HeldOutLoss {
  /** Mean log loss of rows left out. */
  readonly logLoss: number;
  /** Standard error of its difference to the least of the ridges. */
  readonly errorToLeast: number;
}

export interface RidgeStep extends HeldOutLoss {
  readonly lambda: number;
}

export interface RidgeChoice {
  readonly lambda: number;
  readonly path: readonly RidgeStep[];
  /** Of each row, from the inner fold that left it out, at the chosen strength. */
  readonly margins: Float64Array;
  readonly firth: HeldOutLoss | undefined;
}

/** `withFirth`: what Firth's penalty comes to on the same folds is computed too. */
export function chooseRidge(
  table: TrainingTable,
  config: TrainingConfig,
  withFirth = false,
): RidgeChoice {
  const { ridges, firth } = heldOutMargins(table, config, withFirth);
  const losses = ridges.map((margins) => rowLosses(margins, table.bad));
  const means = losses.map(meanOf);
  const least = means.indexOf(Math.min(...means));
  const heldOut = (rows: Float64Array): HeldOutLoss => {
    const difference = rows.map((loss, row) => loss - (losses[least]?.[row] as number));
    return { logLoss: meanOf(rows), errorToLeast: errorOfMean(difference) };
  };
  const path = config.lambdas.map((lambda, at): RidgeStep => {
    return { lambda, ...heldOut(losses[at] as Float64Array) };
  });
  const chosen = path.findLastIndex(
    ({ logLoss, errorToLeast }) => logLoss <= (means[least] as number) + errorToLeast,
  );
  return {
    lambda: config.lambdas[chosen] as number,
    path,
    margins: ridges[chosen] as Float64Array,
    firth: firth && heldOut(rowLosses(firth, table.bad)),
  };
}

/** Of each row, by fits that had not seen it: by each ridge, and by Firth's penalty where all folds have one. */
function heldOutMargins(
  table: TrainingTable,
  config: TrainingConfig,
  withFirth: boolean,
): { readonly ridges: readonly Float64Array[]; readonly firth: Float64Array | undefined } {
  const { lambdas } = config;
  const rows = table.bad.length;
  const ridges = lambdas.map(() => new Float64Array(rows));
  let firth = withFirth ? new Float64Array(rows) : undefined;
  for (const { train, test } of splitsOf(rows, config.binning.innerFolds)) {
    const inner = rowsOf(table, train);
    checkTable(inner); // Too few of a class leave an inner fold with none.
    const { kept, positions } = selectFeatures(inner, config);
    const columns = kept.map(trainingWeights);
    const held = kept.map(({ lookup, bins }, at) => {
      const column = table.columns[positions[at] as number] as Float64Array;
      return weightsOf(bins, binsOf(lookup, valuesAt(column, test)));
    });
    const scatter = (margins: Float64Array, fit: LogisticFit): void => {
      const found = marginsOf(held, test.length, fit);
      for (const [position, row] of test.entries()) margins[row] = found[position] as number;
    };
    let fit: LogisticFit | undefined;
    for (let at = lambdas.length - 1; at >= 0; at -= 1) {
      fit = fitLogistic(columns, inner.bad, lambdas[at] as number, fit);
      scatter(ridges[at] as Float64Array, fit);
    }
    const firthFit = firth && firthMaximum(columns, inner.bad);
    if (firth !== undefined && firthFit !== undefined) {
      scatter(firth, withMeanPd(columns, inner.bad, firthFit));
    } else firth = undefined;
  }
  return { ridges, firth };
}

export function rowLosses(margins: Float64Array, bad: Uint8Array): Float64Array {
  return margins.map((z, row) => softplus(z) - (bad[row] === 1 ? z : 0));
}

export function meanOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

export function errorOfMean(values: Float64Array): number {
  const mean = meanOf(values);
  let squares = 0;
  for (const value of values) squares += (value - mean) * (value - mean);
  return Math.sqrt(squares / (values.length - 1) / values.length);
}
