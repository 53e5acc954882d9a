/**
 * From the model's margin to a PD. Identity, or Platt's line where it betters the log loss of rows left
 * out by more than one standard error; then one shift of all log-odds, so that the mean PD of the
 * development sample is the central tendency. Neither reorders.
 */
import { splitsOf } from './column.ts';
import { fitLogistic } from './logistic.ts';
import { errorOfMean, meanOf, rowLosses } from './ridge.ts';

/** ln(odds of bad) = intercept + slope x margin. */
export interface Calibration {
  readonly kind: 'IDENTITY' | 'PLATT';
  readonly intercept: number;
  readonly slope: number;
}

export const identity: Calibration = { kind: 'IDENTITY', intercept: 0, slope: 1 };

/** Nearly none: only so that a perfect ranking has a finite line. */
const plattRidge = 1e-3;

export const calibrated = ({ intercept, slope }: Calibration, margins: Float64Array) =>
  margins.map((margin) => intercept + slope * margin);

function plattLine(margins: Float64Array, bad: Uint8Array): Calibration {
  const mirrored = margins.map((margin) => -margin); // The cone keeps the slope from turning negative.
  const fit = fitLogistic([mirrored], bad, plattRidge);
  return { kind: 'PLATT', intercept: fit.intercept, slope: -(fit.coefficients[0] as number) };
}

/** `margins` are those of rows left out; Platt is judged on folds it did not see either. */
export function chooseCalibration(
  margins: Float64Array,
  bad: Uint8Array,
  folds: number,
): Calibration {
  const line = plattLine(margins, bad);
  if (!(line.slope > 0)) return identity;
  const held = new Float64Array(bad.length);
  for (const { train, test } of splitsOf(bad.length, folds)) {
    const trainMargins = Float64Array.from(train, (row) => margins[row] as number);
    const trainBad = Uint8Array.from(train, (row) => bad[row] as number);
    const part = plattLine(trainMargins, trainBad);
    for (const row of test) held[row] = part.intercept + part.slope * (margins[row] as number);
  }
  const own = rowLosses(margins, bad);
  const gain = rowLosses(held, bad).map((loss, row) => (own[row] as number) - loss);
  return meanOf(gain) > errorOfMean(gain) ? line : identity;
}
