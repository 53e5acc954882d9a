/**
 * The strength of the ridge, by log loss on inner folds in which bins and weights are learnt anew. Of the
 * strengths whose loss is within one standard error of the least, the strongest is taken.
 */
import { checkTable, rowsOf, splitsOf, type TrainingTable, valuesAt } from './column.ts';
import type { TrainingConfig } from './config.ts';
import { fitLogistic, type LogisticFit, marginsOf, softplus } from './logistic.ts';
import { binsOf } from './lookup.ts';
import { selectFeatures, trainingWeights, weightsOf } from './select.ts';

export interface RidgeStep {
  readonly lambda: number;
  /** Mean log loss of rows left out. */
  readonly logLoss: number;
  /** Standard error of its difference to the least. */
  readonly errorToLeast: number;
}

export interface RidgeChoice {
  readonly lambda: number;
  readonly path: readonly RidgeStep[];
  /** Of each row, from the inner fold that left it out, at the chosen strength. */
  readonly margins: Float64Array;
}

export function chooseRidge(table: TrainingTable, config: TrainingConfig): RidgeChoice {
  const rows = table.bad.length;
  const { lambdas } = config;
  const margins = lambdas.map(() => new Float64Array(rows));
  for (const { train, test } of splitsOf(rows, config.binning.innerFolds)) {
    const inner = rowsOf(table, train);
    checkTable(inner); // Too few of a class leave an inner fold with none.
    const { kept, positions } = selectFeatures(inner, config);
    const columns = kept.map(trainingWeights);
    const held = kept.map(({ lookup, bins }, at) => {
      const column = table.columns[positions[at] as number] as Float64Array;
      return weightsOf(bins, binsOf(lookup, valuesAt(column, test)));
    });
    let fit: LogisticFit | undefined;
    for (let at = lambdas.length - 1; at >= 0; at -= 1) {
      fit = fitLogistic(columns, inner.bad, lambdas[at] as number, fit);
      const found = marginsOf(held, test.length, fit);
      for (const [position, row] of test.entries()) {
        (margins[at] as Float64Array)[row] = found[position] as number;
      }
    }
  }
  const losses = margins.map((z) => rowLosses(z, table.bad));
  const means = losses.map(meanOf);
  const least = means.indexOf(Math.min(...means));
  const path = lambdas.map((lambda, at): RidgeStep => {
    const difference = (losses[at] as Float64Array).map(
      (loss, row) => loss - (losses[least]?.[row] as number),
    );
    return { lambda, logLoss: means[at] as number, errorToLeast: errorOfMean(difference) };
  });
  const chosen = path.findLastIndex(
    ({ logLoss, errorToLeast }) => logLoss <= (means[least] as number) + errorToLeast,
  );
  return {
    lambda: lambdas[chosen] as number,
    path,
    margins: margins[chosen] as Float64Array,
  };
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
