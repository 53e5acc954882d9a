/**
 * Interest of a period and the instalment that repays a balance (`lending.md` 1.1, 1.4). Interest is
 * an exact fraction, rounded once. Annuity factors are fixed point with 30 decimals, HALF_EVEN after
 * each multiplication, since ties decide fen.
 */
import { ppmPerOne, roundedRatio } from '@lianbao/kernel';
import type { FenRounding } from './conventions.ts';
import type { Period } from './period.ts';

const one = 10n ** 30n;
const half = one / 2n;

/** Of the balance over the period, in fen; `ratePpm` is of a year. */
export function interestFen(
  balanceFen: bigint,
  ratePpm: bigint,
  { numerator, denominator }: Period,
  rounding: FenRounding,
): bigint {
  return roundedRatio(balanceFen * ratePpm * numerator, ppmPerOne * denominator, rounding);
}

/**
 * The equal instalment in fen: B x G / N, with G the product of (1 + y_k), N_1 = 1 and
 * N_k = 1 + N_(k-1) x (1 + y_k), where y_k is the rate times the year fraction of period k.
 */
export function annuityFen(
  balanceFen: bigint,
  ratePpm: bigint,
  periods: readonly Period[],
  rounding: FenRounding,
): bigint {
  let growth = one;
  let sum = 0n;
  for (const { numerator, denominator } of periods) {
    const factor =
      one + roundedRatio(ratePpm * numerator * one, ppmPerOne * denominator, 'HALF_EVEN');
    growth = product(growth, factor);
    sum = one + product(sum, factor);
  }
  return roundedRatio(balanceFen * growth, sum, rounding);
}

/** Of two positive fixed-point numbers, HALF_EVEN. */
function product(a: bigint, b: bigint): bigint {
  const exact = a * b;
  const floor = exact / one;
  const rest = exact - floor * one;
  return rest > half || (rest === half && (floor & 1n) === 1n) ? floor + 1n : floor;
}
