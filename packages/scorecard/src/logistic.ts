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
  let beta = new Float64Array(size);
  if (start !== undefined) {
    beta[0] = start.intercept;
    beta.set(start.coefficients, 1);
  }
  const margins = (b: Float64Array) =>
    marginsOf(columns, rows, { intercept: b[0] as number, coefficients: b.subarray(1) });
  let z = margins(beta);
  let loss = objective(z, bad, beta, lambda);
  const tolerance = 1e-10 * Math.max(1, rows);
  let residual = Infinity;
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
    let length = 1;
    let moved = false;
    for (let halving = 0; halving < 40; halving += 1) {
      const next = beta.slice();
      for (const [at, parameter] of free.entries()) {
        const value = (beta[parameter] as number) - length * (step[at] as number);
        next[parameter] = parameter > 0 && value > 0 ? 0 : value;
      }
      const nextZ = margins(next);
      const nextLoss = objective(nextZ, bad, next, lambda);
      if (nextLoss < loss || (halving === 0 && nextLoss === loss)) {
        moved = nextLoss < loss;
        [beta, z, loss] = [next, nextZ, nextLoss];
        break;
      }
      length /= 2;
    }
    if (!moved) break;
  }
  return { intercept: beta[0] as number, coefficients: beta.slice(1), residual, steps };
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

function newtonStep(
  columns: readonly Float64Array[],
  curvature: Float64Array,
  gradient: Float64Array,
  free: readonly number[],
  lambda: number,
): Float64Array {
  const size = free.length;
  const rows = curvature.length;
  const matrix = new Float64Array(size * size);
  const weighted = new Float64Array(rows);
  for (let a = 0; a < size; a += 1) {
    const first = free[a] as number;
    if (first === 0) weighted.set(curvature);
    else {
      const column = columns[first - 1] as Float64Array;
      for (let row = 0; row < rows; row += 1) {
        weighted[row] = (curvature[row] as number) * (column[row] as number);
      }
    }
    for (let b = a; b < size; b += 1) {
      // The intercept is the first of the free ones, so the second is a column, or both are it.
      const second = free[b] as number;
      let dot = 0;
      if (second === 0) for (let row = 0; row < rows; row += 1) dot += weighted[row] as number;
      else {
        const column = columns[second - 1] as Float64Array;
        for (let row = 0; row < rows; row += 1) {
          dot += (weighted[row] as number) * (column[row] as number);
        }
      }
      matrix[a * size + b] = dot;
      matrix[b * size + a] = dot;
    }
    if (first > 0) matrix[a * size + a] = (matrix[a * size + a] as number) + lambda;
  }
  return solvePositive(
    matrix,
    Float64Array.from(free, (at) => gradient[at] as number),
  );
}
