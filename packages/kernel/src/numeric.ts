/**
 * exp and log from + - * / alone, so that training gives the same bits on every machine. ECMAScript
 * leaves the last bit of its own to the engine. The method is that of FreeBSD's msun: reduce to a small
 * range, then a minimax polynomial; the error stays under one unit in the last place.
 */

const ln2High = 0.6931471803691238; // Its low bits are zero, so k * ln2High is exact.
const ln2Low = 1.9082149292705877e-10;
const ln2Reciprocal = Math.LOG2E;
const squareRootOfHalf = Math.SQRT1_2;

const exponentMin = -1022;
const exponentMax = 1023;

/** 2^-1022 to 2^1023; doubling is exact. */
const powersOfTwo = (() => {
  const powers = new Float64Array(exponentMax - exponentMin + 1);
  powers[-exponentMin] = 1;
  for (let k = 1; k <= exponentMax; k += 1) {
    powers[k - exponentMin] = (powers[k - 1 - exponentMin] as number) * 2;
  }
  for (let k = -1; k >= exponentMin; k -= 1) {
    powers[k - exponentMin] = (powers[k + 1 - exponentMin] as number) / 2;
  }
  return powers;
})();

const powerOfTwo = (k: number): number => powersOfTwo[k - exponentMin] as number;

/** x * 2^k in at most two exact steps and one rounding. */
function scaledByPowerOfTwo(x: number, k: number): number {
  if (k > exponentMax) return x * powerOfTwo(exponentMax) * powerOfTwo(k - exponentMax);
  if (k < exponentMin) return x * powerOfTwo(k + 100) * powerOfTwo(-100);
  return x * powerOfTwo(k);
}

/** e^x. Infinity above 709.78, 0 below -745.13, NaN for NaN. */
export function exp(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x > 709.782712893384) return Infinity;
  if (x < -745.1332191019412) return 0;
  const k = Math.floor(x * ln2Reciprocal + 0.5);
  const high = x - k * ln2High;
  const low = k * ln2Low;
  const r = high - low; // |r| <= ln 2 / 2
  const t = r * r;
  const c =
    r -
    t *
      (0.16666666666666602 +
        t *
          (-0.0027777777777015593 +
            t * (6.613756321437934e-5 + t * (-1.6533902205465252e-6 + t * 4.1381367970572385e-8))));
  if (k === 0) return 1 - ((r * c) / (c - 2) - r);
  return scaledByPowerOfTwo(1 - (low - (r * c) / (2 - c) - high), k);
}

/** Natural logarithm. -Infinity at 0, NaN below. */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : Number.NaN;
  if (x === Infinity) return x;
  let k = 0;
  let m = x;
  for (let step = 512; step >= 1; step /= 2) {
    if (m >= powerOfTwo(step)) {
      m *= powerOfTwo(-step);
      k += step;
    } else if (m < powerOfTwo(1 - step)) {
      m *= powerOfTwo(step);
      k -= step;
    }
  }
  m *= 0.5; // Now in [1/2, 1), up to the last step.
  k += 1;
  while (m < squareRootOfHalf) {
    m *= 2;
    k -= 1;
  }
  while (m >= 2 * squareRootOfHalf) {
    m *= 0.5;
    k += 1;
  }
  const f = m - 1;
  if (f === 0) return k * ln2High + k * ln2Low;
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const t1 = w * (0.3999999999940942 + w * (0.22222198432149784 + w * 0.15313837699209373));
  const t2 =
    z *
    (0.6666666666666735 +
      w * (0.2857142874366239 + w * (0.1818357216161805 + w * 0.14798198605116586)));
  const halfSquare = 0.5 * f * f;
  const r = t2 + t1;
  return k * ln2High - (halfSquare - (s * (halfSquare + r) + k * ln2Low) - f);
}

/** ln(1 + x), true to a few units in the last place for small x too (Kahan's correction). */
export function log1p(x: number): number {
  const u = 1 + x;
  if (u === 1) return x;
  return u === Infinity ? u : (log(u) * x) / (u - 1);
}
