import { describe, expect, it } from 'vitest';
import { exp, log, log1p } from './numeric.ts';

/** Distance in units of the last place of `b`. */
function unitsApart(a: number, b: number): number {
  if (a === b) return 0;
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, Math.abs(b));
  bits.setBigUint64(0, bits.getBigUint64(0) + 1n);
  return Math.abs(a - b) / (bits.getFloat64(0) - Math.abs(b));
}

/** A seeded stream in [0, 1), Park and Miller. */
function* chance(seed: number): Generator<number, never> {
  for (let state = seed; ; ) {
    state = (state * 48_271) % 2_147_483_647;
    yield state / 2_147_483_647;
  }
}

function worst(f: (x: number) => number, g: (x: number) => number, from: number, to: number) {
  const stream = chance(20_200_221);
  let units = 0;
  for (let i = 0; i < 20_000; i += 1) {
    const x = from + (to - from) * stream.next().value;
    units = Math.max(units, unitsApart(f(x), g(x)));
  }
  return units;
}

describe('exp', () => {
  it.each([
    [-745, -708],
    [-708, 709],
    [-1, 1],
    [-1e-6, 1e-6],
  ])('is within 1 unit in the last place from %d to %d', (from, to) => {
    expect(worst(exp, Math.exp, from, to)).toBeLessThanOrEqual(1);
  });

  it('has defined ends', () => {
    expect([exp(0), exp(-0), exp(Infinity), exp(-Infinity)]).toEqual([1, 1, Infinity, 0]);
    expect(unitsApart(exp(1), Math.E)).toBeLessThanOrEqual(1);
    expect([exp(709.782712893384), exp(710), exp(-745.2), exp(Number.NaN)]).toEqual([
      Math.exp(709.782712893384),
      Infinity,
      0,
      Number.NaN,
    ]);
  });
});

describe('log', () => {
  it.each([
    [0, 1e-300],
    [0, 2],
    [0.999, 1.001],
    [1, 1e6],
    [1, Number.MAX_VALUE / 2],
  ])('is within 1 unit in the last place from %d to %d', (from, to) => {
    expect(worst(log, Math.log, from, to)).toBeLessThanOrEqual(1);
  });

  it('is within 1 unit in the last place of every power of two and its neighbours', () => {
    let units = 0;
    for (let k = -1074; k <= 1023; k += 1) {
      for (const x of [2 ** k, 2 ** k * (1 - 2 ** -53), 2 ** k * (1 + 2 ** -52)]) {
        if (x > 0) units = Math.max(units, unitsApart(log(x), Math.log(x)));
      }
    }
    expect(units).toBeLessThanOrEqual(1);
  });

  it('has defined ends', () => {
    expect([log(0), log(-0), log(1), log(Infinity), log(-1), log(Number.NaN)]).toEqual([
      -Infinity,
      -Infinity,
      0,
      Infinity,
      Number.NaN,
      Number.NaN,
    ]);
  });
});

it('log1p is within 3 units in the last place and keeps tiny arguments', () => {
  expect(worst(log1p, Math.log1p, -0.999, 10)).toBeLessThanOrEqual(3);
  expect(worst(log1p, Math.log1p, -1e-8, 1e-8)).toBeLessThanOrEqual(3);
  expect([log1p(1e-300), log1p(Infinity), log1p(-1)]).toEqual([1e-300, Infinity, -Infinity]);
});
