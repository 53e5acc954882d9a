/**
 * Is a coefficient more than chance? Wald's test, (coefficient / standard error)^2, and the likelihood
 * ratio: twice what the penalised log-likelihood loses when the coefficient is held at 0 and the others are
 * fitted anew. Both against chi-square with one degree of freedom, which is careful in the cone: there the
 * law is half a point mass at 0 (Self and Liang 1987). A coefficient on its bound has no normal law around
 * it, so it has no standard error and no test, and the others are tested as if it were not there.
 *
 * Under a strong ridge the two part: the ratio is careful, and Wald's is lenient, since the penalty divides
 * among correlated columns what they share. Bins, weights and choice of features were learnt from the same
 * labels, which flatters every test: they compare features, they prove nothing.
 */
import { chiSquareTail } from './chi-square.ts';
import { factorOf, inverseOf } from './cholesky.ts';
import { firthMaximum } from './firth.ts';
import { fitLogistic, informationOf, type LogisticFit, marginsOf, sigmoid } from './logistic.ts';

export interface ChiSquareTest {
  readonly statistic: number;
  readonly degrees: number;
  readonly pValue: number;
}

export type CoefficientTest =
  | { readonly isOnBound: true }
  | {
      readonly isOnBound: false;
      /** Of ln(odds of bad), before calibration. */
      readonly coefficient: number;
      readonly standardError: number;
      readonly wald: ChiSquareTest;
      readonly likelihoodRatio: ChiSquareTest;
    };

export interface RegressionTests {
  readonly intercept: { readonly coefficient: number; readonly standardError: number };
  /** By column. */
  readonly coefficients: readonly CoefficientTest[];
  /** Likelihood ratio to the intercept alone; as many degrees as coefficients are not on their bound. */
  readonly whole: ChiSquareTest;
}

/**
 * Of a ridge: covariance (I + lambda)^-1 I (I + lambda)^-1 with I = X'WX, intercept not penalised (le Cessie
 * and van Houwelingen 1992; Wald's test with it: Cule, Vineis and De Iorio 2011). Refuses columns of which
 * one is a combination of the others where lambda is next to nothing.
 */
export function ridgeTests(
  columns: readonly Float64Array[],
  bad: Uint8Array,
  lambda: number,
  fit: LogisticFit,
): RegressionTests {
  const free = freeOf(fit);
  const information = informationAt(columns, bad.length, fit, free);
  const penalised = information.slice();
  for (let at = 1; at < free.length; at += 1) {
    const diagonal = at * free.length + at;
    penalised[diagonal] = (penalised[diagonal] as number) + lambda;
  }
  const inverse = inverted(penalised, free.length);
  const errors = free.map((_, at) => sandwichError(inverse, information, free.length, at));
  const lossWithout = (held: readonly number[]): number => {
    const rest = columns.filter((_, at) => !held.includes(at));
    const coefficients = fit.coefficients.filter((_, at) => !held.includes(at));
    return fitLogistic(rest, bad, lambda, { ...fit, coefficients }).loss;
  };
  return testsOf(fit, free, errors, lossWithout);
}

/** Of Firth's maximum (Heinze and Schemper 2002): covariance I^-1, and the ratio of the penalised likelihoods. */
export function firthTests(
  columns: readonly Float64Array[],
  bad: Uint8Array,
  fit: LogisticFit,
): RegressionTests {
  const free = freeOf(fit);
  const inverse = inverted(informationAt(columns, bad.length, fit, free), free.length);
  const errors = free.map((_, at) => Math.sqrt(inverse[at * free.length + at] as number));
  const lossWithout = (held: readonly number[]) =>
    (firthMaximum(columns, bad, held, fit) as LogisticFit).loss;
  return testsOf(fit, free, errors, lossWithout);
}

function testsOf(
  fit: LogisticFit,
  free: readonly number[],
  errors: readonly number[],
  lossWithout: (held: readonly number[]) => number,
): RegressionTests {
  const ratio = (held: readonly number[], degrees: number): ChiSquareTest =>
    chiSquareTest(2 * (lossWithout(held) - fit.loss), degrees);
  const coefficients = Array.from(fit.coefficients, (coefficient, at): CoefficientTest => {
    if (coefficient === 0) return { isOnBound: true };
    const standardError = errors[free.indexOf(at + 1)] as number;
    const wald = chiSquareTest((coefficient / standardError) ** 2, 1);
    return { isOnBound: false, coefficient, standardError, wald, likelihoodRatio: ratio([at], 1) };
  });
  return {
    intercept: { coefficient: fit.intercept, standardError: errors[0] as number },
    coefficients,
    whole: ratio([...fit.coefficients.keys()], free.length - 1),
  };
}

/** Rounding may leave a ratio a little below 0. */
const chiSquareTest = (statistic: number, degrees: number): ChiSquareTest => ({
  statistic: Math.max(0, statistic),
  degrees,
  pValue: chiSquareTail(statistic, degrees),
});

/** The intercept, 0, and n for each column n - 1 that is not on its bound. */
const freeOf = ({ coefficients }: LogisticFit): readonly number[] => [
  0,
  ...Array.from(coefficients, (coefficient, at) => (coefficient === 0 ? 0 : at + 1)).filter(
    Boolean,
  ),
];

function informationAt(
  columns: readonly Float64Array[],
  rows: number,
  fit: LogisticFit,
  free: readonly number[],
): Float64Array {
  const curvature = marginsOf(columns, rows, fit).map((z) => sigmoid(z) * sigmoid(-z));
  return informationOf(columns, curvature, free);
}

function inverted(matrix: Float64Array, size: number): Float64Array {
  const factor = factorOf(matrix, size);
  if (factor === undefined) throw new RangeError('a column is a combination of the others');
  return inverseOf(factor, size);
}

/** Root of the diagonal of A I A, A symmetric. */
function sandwichError(a: Float64Array, i: Float64Array, size: number, at: number): number {
  let variance = 0;
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      variance +=
        (a[at * size + row] as number) *
        (i[row * size + column] as number) *
        (a[at * size + column] as number);
    }
  }
  return Math.sqrt(variance);
}
