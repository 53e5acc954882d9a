/** The upper tail of the chi-square law with whole degrees of freedom (Abramowitz and Stegun 1964, 26.4.4-5). */
import { exp } from '@lianbao/kernel';

/** Chance of `statistic` or more; 1 at 0 and below. */
export function chiSquareTail(statistic: number, degrees: number): number {
  if (!(statistic > 0)) return 1;
  const half = statistic / 2;
  // From two degrees to two more, a term at a time; the first has a closed form.
  let tail = degrees % 2 === 0 ? exp(-half) : errorTail(Math.sqrt(half));
  let term =
    degrees % 2 === 0 ? half * exp(-half) : (2 * Math.sqrt(half) * exp(-half)) / Math.sqrt(Math.PI);
  for (let done = degrees % 2 === 0 ? 2 : 1; done < degrees; done += 2) {
    tail += term;
    term *= half / (done / 2 + 1);
  }
  return Math.min(1, tail);
}

/** erfc(z) for z >= 0: the series near 0, Laplace's continued fraction beyond. */
function errorTail(z: number): number {
  const scale = exp(-z * z) / Math.sqrt(Math.PI);
  if (z < 2.5) {
    let term = 2 * z * scale;
    let sum = 0;
    for (let n = 1; term > 1e-17; n += 1) {
      sum += term;
      term *= (2 * z * z) / (2 * n + 1);
    }
    return 1 - sum;
  }
  let fraction = z;
  for (let n = 60; n >= 1; n -= 1) fraction = z + n / 2 / fraction;
  return scale / fraction;
}
