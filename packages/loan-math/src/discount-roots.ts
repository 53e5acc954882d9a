/**
 * Roots of a discounted sum f(v) = sum of c_i x v^t_i for discount factors v in (0, 1], with whole
 * amounts and times: the v at which money in and money out weigh the same. Only whole-number
 * arithmetic, so the bits are the same on every machine: v is fixed point with 96 binary places.
 *
 * Roots are counted, not guessed. A sum with one change of sign has one root at most. With more,
 * f / v^t* for a time t* at the first change has a derivative with one change less, whose roots cut
 * (0, 1) into pieces on which f / v^t* only rises or only falls.
 */

export interface Term {
  /** Any unit; not zero. */
  readonly amount: bigint;
  /** Whole periods from the first term on, rising from term to term. */
  readonly time: number;
}

const places = 96n;

/** v = 1: nothing is discounted. */
export const one = 1n << places;

export function signChanges(terms: readonly Term[]): number {
  let changes = 0;
  for (let i = 1; i < terms.length; i += 1) if (changesBefore(terms, i)) changes += 1;
  return changes;
}

/** All v in (0, 1] with f(v) = 0, rising; one where f touches zero without crossing it counts twice. */
export function discountRoots(terms: readonly Term[]): bigint[] {
  const roots = rootsBelowOne(terms);
  if (terms.length > 0 && sumOf(terms) === 0n) roots.push(one);
  return roots;
}

function rootsBelowOne(terms: readonly Term[]): bigint[] {
  const changes = signChanges(terms);
  if (changes === 0) return [];
  const turns = changes === 1 ? [] : rootsBelowOne(derivative(terms));
  const roots: bigint[] = [];
  let low = 0n;
  let lowSign = signOf((terms[0] as Term).amount);
  for (const high of [...turns, one]) {
    const highSign = high === one ? signOf(sumOf(terms)) : signOf(clear(terms, high));
    if (highSign === 0 && high !== one) roots.push(high, high);
    else if (lowSign * highSign < 0) roots.push(rootBetween(terms, low, high, highSign));
    low = high;
    lowSign = highSign;
  }
  return roots;
}

/** Twice v^(t* + 1) times the derivative of f / v^t*, t* in the middle of the first change of sign. */
function derivative(terms: readonly Term[]): Term[] {
  const after = terms.findIndex((_, i) => changesBefore(terms, i));
  const twiceMiddle = (terms[after - 1] as Term).time + (terms[after] as Term).time;
  return terms.map(({ amount, time }) => ({
    amount: amount * BigInt(2 * time - twiceMiddle),
    time,
  }));
}

/**
 * Newton's steps from the upper end, inside a bracket that is halved wherever a step leaves it. Ends
 * where the next step is none and the sign changes within `near` of it.
 */
function rootBetween(terms: readonly Term[], from: bigint, to: bigint, highSign: number): bigint {
  let [low, high, v] = [from, to, to];
  for (let round = 0; high - low > 1n; round += 1) {
    const { value, slope } = evaluate(terms, v);
    if (value === 0n) return v;
    const above = signOf(value) === highSign;
    if (above) high = v;
    else low = v;
    // `slope` is v x f'(v), so v - f / f' is v less this step.
    const step = slope === 0n ? 0n : (v * value) / slope;
    let next = v - step;
    if (step === 0n) {
      const across = above ? v - near : v + near;
      if (across <= low || across >= high) return v;
      if (signOf(evaluate(terms, across).value) !== signOf(value)) return v;
      next = low; // A flat place, not a root.
    }
    const inside = next > low && next < high && round < newtonRoundsMax;
    v = inside ? next : (low + high) >> 1n;
  }
  return high;
}

/** 2^-76: it moves a yearly rate by far less than a billionth of a ppm. */
const near = 1n << 20n;
const newtonRoundsMax = 40;

/** f(v), and v times its slope, both scaled by `one`. */
function evaluate(terms: readonly Term[], v: bigint): { value: bigint; slope: bigint } {
  const powers = new Map<number, bigint>([[1, v]]);
  let power = one;
  let time = 0;
  let value = 0n;
  let slope = 0n;
  for (const term of terms) {
    const gap = term.time - time;
    if (gap > 0) power = (power * powerOf(v, gap, powers)) >> places;
    time = term.time;
    const present = term.amount * power;
    value += present;
    slope += present * BigInt(time);
  }
  return { value, slope };
}

/** f(v), or zero where the rounding of the powers could have made its sign. */
function clear(terms: readonly Term[], v: bigint): bigint {
  const { value } = evaluate(terms, v);
  const doubt = terms.reduce((sum, { amount, time }) => sum + size(amount) * BigInt(2 * time), 0n);
  return size(value) <= doubt ? 0n : value;
}

/** v to a whole power above zero, by squaring; `known` keeps the powers of one v. */
function powerOf(v: bigint, exponent: number, known: Map<number, bigint>): bigint {
  const kept = known.get(exponent);
  if (kept !== undefined) return kept;
  const root = powerOf(v, exponent >> 1, known);
  const square = (root * root) >> places;
  const power = exponent % 2 === 0 ? square : (square * v) >> places;
  known.set(exponent, power);
  return power;
}

const changesBefore = (terms: readonly Term[], i: number): boolean =>
  i > 0 && (terms[i - 1] as Term).amount > 0n !== (terms[i] as Term).amount > 0n;

const sumOf = (terms: readonly Term[]): bigint =>
  terms.reduce((sum, { amount }) => sum + amount, 0n);

const signOf = (value: bigint): number => (value > 0n ? 1 : value < 0n ? -1 : 0);
const size = (value: bigint): bigint => (value < 0n ? -value : value);
