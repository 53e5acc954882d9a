/**
 * Logistic regression in a cone: ln(odds of bad) = intercept + sum of coefficient x weight, every
 * coefficient at most 0, since a weight of evidence is high where it is safe. Maximises
 * l(beta) - lambda |beta|^2 / 2, intercept free, by projected Newton on the active set (Bertsekas 1982).
 */
import { exp, log1p } from '@lianbao/kernel';
import { solvePositive } from './cholesky.ts';

export interface LogisticFit {
  readonly intercept: number;
  /** None above 0; one on the bound is exactly 0. */
  readonly coefficients: Float64Array;
  /** Greatest violation of the conditions for a maximum in the cone. */
  readonly residual: number;
  /** What was minimised: minus the penalised log-likelihood. */
  readonly loss: number;
  readonly steps: number;
}

/** ln(1 + e^z) without overflow. */
export const softplus = (z: number): number => (z > 0 ? z + log1p(exp(-z)) : log1p(exp(z)));

export const sigmoid = (z: number): number => {
  if (z >= 0) return 1 / (1 + exp(-z));
  const e = exp(z);
  return e / (1 + e);
};

export function marginsOf(
  columns: readonly Float64Array[],
  rows: number,
  { intercept, coefficients }: Pick<LogisticFit, 'intercept' | 'coefficients'>,
): Float64Array {
  const margins = new Float64Array(rows).fill(intercept);
  for (const [at, column] of columns.entries()) {
    const coefficient = coefficients[at] as number;
    if (coefficient === 0) continue;
    for (let row = 0; row < rows; row += 1) {
      margins[row] = (margins[row] as number) + coefficient * (column[row] as number);
    }
  }
  return margins;
}

function objective(margins: Float64Array, bad: Uint8Array, beta: Float64Array, lambda: number) {
  let loss = 0;
  for (let row = 0; row < bad.length; row += 1) {
    const z = margins[row] as number;
    loss += softplus(z) - (bad[row] === 1 ? z : 0);
  }
  for (let at = 1; at < beta.length; at += 1) {
    loss += (lambda * (beta[at] as number) * (beta[at] as number)) / 2;
  }
  return loss;
}

/** `start` speeds up a path of lambdas. Needs lambda > 0: without it separation has no maximum. */
export function fitLogistic(
  columns: readonly Float64Array[],
  bad: Uint8Array,
  lambda: number,
  start?: LogisticFit,
): LogisticFit {
  if (!(lambda > 0)) throw new RangeError('lambda must be above 0');
  const rows = bad.length;
  const size = columns.length + 1;
  let beta: Float64Array = new Float64Array(size);
  if (start !== undefined) {
    beta[0] = start.intercept;
    beta.set(start.coefficients, 1);
  }
  let z = marginsAt(columns, rows, beta);
  let loss = objective(z, bad, beta, lambda);
  const tolerance = 1e-10 * Math.max(1, rows);
  let residual = Infinity;
  let flatSteps = 0;
  let steps = 0;
  for (; steps < 100; steps += 1) {
    const { gradient, curvature } = slopes(columns, bad, z);
    for (let at = 1; at < size; at += 1) {
      gradient[at] = (gradient[at] as number) + lambda * (beta[at] as number);
    }
    const free: number[] = [];
    residual = 0;
    for (let at = 0; at < size; at += 1) {
      // On the bound and pushed against it: it stays there.
      if (at > 0 && beta[at] === 0 && (gradient[at] as number) <= 0) continue;
      free.push(at);
      residual = Math.max(residual, Math.abs(gradient[at] as number));
    }
    if (residual < tolerance) break;
    const step = newtonStep(columns, curvature, gradient, free, lambda);
    const taken = lineSearch(columns, bad, lambda, { beta, z, loss }, free, step);
    if (taken === undefined) break;
    // Near the top the loss has no digits left to fall by; a few whole steps still polish the slope.
    flatSteps = taken.loss < loss ? 0 : flatSteps + 1;
    ({ beta, z, loss } = taken);
    if (flatSteps > 2) break;
  }
  return { intercept: beta[0] as number, coefficients: beta.slice(1), residual, loss, steps };
}

interface Point {
  readonly beta: Float64Array;
  readonly z: Float64Array;
  readonly loss: number;
}

const marginsAt = (columns: readonly Float64Array[], rows: number, beta: Float64Array) =>
  marginsOf(columns, rows, { intercept: beta[0] as number, coefficients: beta.subarray(1) });

/** Halves the step, projected on the cone, until the loss does not rise. */
function lineSearch(
  columns: readonly Float64Array[],
  bad: Uint8Array,
  lambda: number,
  from: Point,
  free: readonly number[],
  step: Float64Array,
): Point | undefined {
  const slack = 1e-13 * (1 + from.loss);
  for (let halving = 0, length = 1; halving < 40; halving += 1, length /= 2) {
    const beta = from.beta.slice();
    for (const [at, parameter] of free.entries()) {
      const value = (from.beta[parameter] as number) - length * (step[at] as number);
      beta[parameter] = parameter > 0 && value > 0 ? 0 : value;
    }
    const z = marginsAt(columns, bad.length, beta);
    const loss = objective(z, bad, beta, lambda);
    if (loss <= from.loss + (halving === 0 ? slack : 0)) return { beta, z, loss };
  }
  return undefined;
}

/** Of the loss without the ridge: gradient, and the curvature p (1 - p) of each row. */
function slopes(columns: readonly Float64Array[], bad: Uint8Array, z: Float64Array) {
  const rows = bad.length;
  const errors = new Float64Array(rows);
  const curvature = new Float64Array(rows);
  const gradient = new Float64Array(columns.length + 1);
  let sum = 0;
  for (let row = 0; row < rows; row += 1) {
    const p = sigmoid(z[row] as number);
    const error = p - (bad[row] as number);
    errors[row] = error;
    curvature[row] = p * (1 - p);
    sum += error;
  }
  gradient[0] = sum;
  for (const [at, column] of columns.entries()) {
    let dot = 0;
    for (let row = 0; row < rows; row += 1) {
      dot += (errors[row] as number) * (column[row] as number);
    }
    gradient[at + 1] = dot;
  }
  return { gradient, curvature };
}

/** Of the loss with its ridge, over the free parameters: the gradient by the inverse of the curvature. */
function newtonStep(
  columns: readonly Float64Array[],
  curvature: Float64Array,
  gradient: Float64Array,
  free: readonly number[],
  lambda: number,
): Float64Array {
  const matrix = informationOf(columns, curvature, free);
  const size = free.length;
  for (let at = 0; at < size; at += 1) {
    if ((free[at] as number) > 0)
      matrix[at * size + at] = (matrix[at * size + at] as number) + lambda;
  }
  return solvePositive(
    matrix,
    Float64Array.from(free, (at) => gradient[at] as number),
  );
}

/**
 * Fisher's information X'WX of some parameters (0 is the intercept, n the column n - 1), rows one after
 * another; `curvature` is the diagonal of W.
 */
export function informationOf(
  columns: readonly Float64Array[],
  curvature: Float64Array,
  parameters: readonly number[],
): Float64Array {
  const size = parameters.length;
  const rows = curvature.length;
  const ones = new Float64Array(rows).fill(1);
  const chosen = parameters.map((at) => (at === 0 ? ones : (columns[at - 1] as Float64Array)));
  const matrix = new Float64Array(size * size);
  const weighted = new Float64Array(rows);
  for (let a = 0; a < size; a += 1) {
    const first = chosen[a] as Float64Array;
    for (let row = 0; row < rows; row += 1) {
      weighted[row] = (curvature[row] as number) * (first[row] as number);
    }
    for (let b = a; b < size; b += 4) {
      const dots = fourDots(weighted, chosen, b);
      for (let at = 0; at < 4 && b + at < size; at += 1) {
        matrix[a * size + b + at] = dots[at] as number;
        matrix[(b + at) * size + a] = dots[at] as number;
      }
    }
  }
  return matrix;
}

/** Products with the columns from `first` on; four sums side by side, since each waits for its last addition. */
function fourDots(weighted: Float64Array, columns: readonly Float64Array[], first: number) {
  const a = columns[first] as Float64Array;
  const b = columns[first + 1] ?? a;
  const c = columns[first + 2] ?? a;
  const d = columns[first + 3] ?? a;
  let dotA = 0;
  let dotB = 0;
  let dotC = 0;
  let dotD = 0;
  for (let row = 0; row < weighted.length; row += 1) {
    const x = weighted[row] as number;
    dotA += x * (a[row] as number);
    dotB += x * (b[row] as number);
    dotC += x * (c[row] as number);
    dotD += x * (d[row] as number);
  }
  return [dotA, dotB, dotC, dotD] as const;
}
