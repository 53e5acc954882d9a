import { sigmoid } from './logistic.ts';

/** The shift of log-odds after which the mean PD is `target`, strictly between 0 and 1; by bisection. */
export function shiftToMean(margins: Float64Array, target: number): number {
  let low = -60;
  let high = 60;
  for (let turn = 0; turn < 100; turn += 1) {
    const middle = (low + high) / 2;
    let sum = 0;
    for (const margin of margins) sum += sigmoid(margin + middle);
    if (sum / margins.length < target) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
