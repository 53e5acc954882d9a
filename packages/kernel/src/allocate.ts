/**
 * Division of whole fen in which every odd fen has an owner. Member i's k-th fen has the key
 * (2k - 1) / (2 x weight_i); the result is the first `amount` fen by key, ties to the lowest seat.
 * It is capped water-filling in proportion to weights; unlike largest remainder it never takes a fen
 * back when the amount grows (the divisor method of Webster and Sainte-Lague, with caps).
 */
import { commonRefusals } from './refusal.ts';

/**
 * What each seat pays of `amount`, in seat order. Weights are positive; caps, where given, bound each
 * seat. When all caps together are below the amount, the caps are the answer.
 */
export function allocate(
  amount: bigint,
  weights: readonly bigint[],
  caps?: readonly bigint[],
): bigint[] {
  refuseBad(amount, weights, caps);
  const capOf = (seat: number): bigint => caps?.[seat] ?? amount;
  const [numerator, denominator] = waterLevel(amount, weights, capOf);
  const slack = BigInt(weights.length);
  const pay = weights.map((weight, seat) => {
    const share = (numerator * weight) / denominator;
    const start = (share < capOf(seat) ? share : capOf(seat)) - slack;
    return start > 0n ? start : 0n;
  });
  let left = amount - pay.reduce((sum, each) => sum + each, 0n);
  for (; left > 0n; left -= 1n) {
    const seat = nextSeat(pay, weights, capOf);
    if (seat === undefined) break;
    pay[seat] = (pay[seat] as bigint) + 1n;
  }
  return pay;
}

/** The seat whose next fen has the least key, keys compared by cross-multiplication. */
function nextSeat(
  pay: readonly bigint[],
  weights: readonly bigint[],
  capOf: (seat: number) => bigint,
): number | undefined {
  let best: number | undefined;
  for (const [seat, weight] of weights.entries()) {
    const paid = pay[seat] as bigint;
    if (paid >= capOf(seat)) continue;
    if (best === undefined) {
      best = seat;
      continue;
    }
    const bestPaid = pay[best] as bigint;
    const bestWeight = weights[best] as bigint;
    if ((2n * paid + 1n) * bestWeight < (2n * bestPaid + 1n) * weight) best = seat;
  }
  return best;
}

/** The level L, as a fraction, at which the shares min(cap_i, L x weight_i) add up to the amount. */
function waterLevel(
  amount: bigint,
  weights: readonly bigint[],
  capOf: (seat: number) => bigint,
): [bigint, bigint] {
  let open = weights.map((_, seat) => seat);
  let rest = amount;
  for (;;) {
    const weight = open.reduce((sum, seat) => sum + (weights[seat] as bigint), 0n);
    if (weight === 0n) return [amount + 1n, 1n]; // Every cap is reached: any high level will do.
    const full = open.filter((seat) => capOf(seat) * weight <= rest * (weights[seat] as bigint));
    if (full.length === 0) return [rest, weight];
    rest -= full.reduce((sum, seat) => sum + capOf(seat), 0n);
    open = open.filter((seat) => !full.includes(seat));
  }
}

function refuseBad(
  amount: bigint,
  weights: readonly bigint[],
  caps: readonly bigint[] | undefined,
): void {
  const refuse = (field: string, limit: string) => commonRefusals.FIELD_INVALID({ field, limit });
  if (amount < 0n) throw refuse('amount', 'not negative');
  if (weights.some((weight) => weight <= 0n)) throw refuse('weights', 'positive');
  if (caps?.some((cap) => cap < 0n)) throw refuse('caps', 'not negative');
  if (caps !== undefined && caps.length !== weights.length) throw refuse('caps', 'one a weight');
}
