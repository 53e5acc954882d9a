/**
 * Logistic regression with Firth's penalty (Firth 1993; Heinze and Schemper 2002): maximises
 * l(beta) + ln|I(beta)| / 2 in the cone of coefficients at most 0, by Fisher scoring on the active set.
 * It is finite where the classes separate. The score is X'(y - p + h (1/2 - p)), h the diagonal of the
 * hat matrix. The penalty draws PDs towards 1/2, so the intercept is then set to give the bad rate as mean
 * PD, the other coefficients kept (FLIC: Puhr, Heinze, Nold, Lusa and Geroldinger 2017).
 */
import { log } from '@lianbao/kernel';
import { factorOf, solveLower, solvePositive } from './cholesky.ts';
import { informationOf, type LogisticFit, marginsOf, sigmoid, softplus } from './logistic.ts';
import { shiftToMean } from './mean-shift.ts';

interface State {
  readonly beta: Float64Array;
  /** Minus the penalised log-likelihood. */
  readonly loss: number;
  readonly score: Float64Array;
  readonly information: Float64Array;
}

const stepsMax = 500;
const stepMax = 5;

/**
 * The maximum itself. `held`: columns whose coefficients are held at 0 while the penalty stays that of all
 * columns, as a penalised likelihood ratio needs it; `start` is then near. Undefined where a column is a
 * combination of others.
 */
export function firthMaximum(
  columns: readonly Float64Array[],
  bad: Uint8Array,
  held: readonly number[] = [],
  start?: LogisticFit,
): LogisticFit | undefined {
  const size = columns.length + 1;
  const from = Float64Array.of(
    start?.intercept ?? 0,
    ...(start?.coefficients ?? columns.map(() => 0)),
  );
  for (const at of held) from[at + 1] = 0;
  let state = stateAt(columns, bad, from);
  if (state === undefined) return undefined;
  let residual = Infinity;
  let steps = 0;
  for (; steps < stepsMax; steps += 1) {
    const { beta, score, information } = state;
    const free: number[] = [];
    residual = 0;
    for (let at = 0; at < size; at += 1) {
      // On the bound and pushed against it: it stays there.
      const isBound = at > 0 && beta[at] === 0 && (score[at] as number) >= 0;
      if (isBound || held.includes(at - 1)) continue;
      free.push(at);
      residual = Math.max(residual, Math.abs(score[at] as number));
    }
    if (residual < 1e-10 * Math.max(1, bad.length)) break;
    const next = lineSearch(columns, bad, state, free, scoringStep(information, score, free));
    if (next === undefined) break;
    state = next;
  }
  const { beta, loss } = state;
  return { intercept: beta[0] as number, coefficients: beta.slice(1), residual, loss, steps };
}

/** FLIC: the same coefficients with the intercept that gives the sample's bad rate as mean PD. */
export function withMeanPd(
  columns: readonly Float64Array[],
  bad: Uint8Array,
  fit: LogisticFit,
): LogisticFit {
  const margins = marginsOf(columns, bad.length, fit);
  const badRate = bad.reduce((sum, label) => sum + label, 0) / bad.length;
  return { ...fit, intercept: fit.intercept + shiftToMean(margins, badRate) };
}

/** Undefined where the information has no inverse. */
function stateAt(
  columns: readonly Float64Array[],
  bad: Uint8Array,
  beta: Float64Array,
): State | undefined {
  const rows = bad.length;
  const size = beta.length;
  const z = marginsOf(columns, rows, {
    intercept: beta[0] as number,
    coefficients: beta.subarray(1),
  });
  const p = z.map(sigmoid);
  const curvature = p.map((chance) => chance * (1 - chance));
  const information = informationOf(
    columns,
    curvature,
    Array.from(beta, (_, at) => at),
  );
  const factor = factorOf(information, size);
  if (factor === undefined) return undefined;
  let loss = 0; // The root of the determinant is the product of the factor's diagonal.
  for (let at = 0; at < size; at += 1) loss -= log(factor[at * size + at] as number);
  const score = new Float64Array(size);
  const x = new Float64Array(size);
  const whitened = new Float64Array(size);
  for (let row = 0; row < rows; row += 1) {
    x[0] = 1;
    for (let at = 1; at < size; at += 1) x[at] = columns[at - 1]?.[row] as number;
    whitened.set(x);
    solveLower(factor, whitened);
    let hat = 0;
    for (let at = 0; at < size; at += 1) hat += (whitened[at] as number) * (whitened[at] as number);
    hat *= curvature[row] as number;
    const chance = p[row] as number;
    const label = bad[row] as number;
    const pull = label - chance + hat * (0.5 - chance);
    for (let at = 0; at < size; at += 1) {
      score[at] = (score[at] as number) + pull * (x[at] as number);
    }
    loss += softplus(z[row] as number) - label * (z[row] as number);
  }
  return { beta, loss, score, information };
}

function scoringStep(
  information: Float64Array,
  score: Float64Array,
  free: readonly number[],
): Float64Array {
  const size = score.length;
  const matrix = Float64Array.from(
    free.flatMap((a) => free.map((b) => information[a * size + b] as number)),
  );
  return solvePositive(
    matrix,
    Float64Array.from(free, (at) => score[at] as number),
  );
}

/** Halves the step, projected on the cone, until the loss does not rise. */
function lineSearch(
  columns: readonly Float64Array[],
  bad: Uint8Array,
  from: State,
  free: readonly number[],
  step: Float64Array,
): State | undefined {
  const longest = step.reduce((most, part) => Math.max(most, Math.abs(part)), 0);
  // Near the top the loss has no digits left to fall by, and whole steps still polish the score.
  const slack = 1e-12 * (1 + Math.abs(from.loss));
  let length = Math.min(1, stepMax / longest);
  for (let halving = 0; halving < 40; halving += 1, length /= 2) {
    const beta = from.beta.slice();
    for (const [at, parameter] of free.entries()) {
      const value = (from.beta[parameter] as number) + length * (step[at] as number);
      beta[parameter] = parameter > 0 && value > 0 ? 0 : value;
    }
    const state = stateAt(columns, bad, beta);
    if (state === undefined) continue;
    if (state.loss <= from.loss + (halving === 0 ? slack : 0)) return state;
  }
  return undefined;
}
