/** Whole-number ratios. Every rounding has a name; UP and DOWN are towards plus and minus infinity. */

export type Rounding = 'UP' | 'DOWN' | 'HALF_UP' | 'HALF_EVEN';

/** numerator / denominator rounded to a whole number. HALF_UP takes ties away from zero. */
export function roundedRatio(numerator: bigint, denominator: bigint, rounding: Rounding): bigint {
  if (denominator === 0n) throw new RangeError('denominator is zero');
  const [n, d] = denominator < 0n ? [-numerator, -denominator] : [numerator, denominator];
  const floor = floorDivide(n, d);
  const rest = n - floor * d; // 0 <= rest < d
  if (rest === 0n || rounding === 'DOWN') return floor;
  if (rounding === 'UP') return floor + 1n;
  const twice = rest * 2n;
  if (twice !== d) return twice > d ? floor + 1n : floor;
  if (rounding === 'HALF_EVEN') return floor % 2n === 0n ? floor : floor + 1n;
  return n > 0n ? floor + 1n : floor;
}

export const ceilDivide = (n: bigint, d: bigint): bigint => roundedRatio(n, d, 'UP');

function floorDivide(n: bigint, d: bigint): bigint {
  const towardsZero = n / d;
  return n < 0n && towardsZero * d !== n ? towardsZero - 1n : towardsZero;
}
