/** How well a score ranks and how well a PD fits. `risk` rises with risk; `pd` lies between 0 and 1. */
import { log } from '@lianbao/kernel';

/** Goods and bads below and at each distinct risk, from the safest on. */
function* steps(risk: ArrayLike<number>, bad: Uint8Array) {
  const order = Array.from(bad, (_, row) => row).sort(
    (a, b) => (risk[a] as number) - (risk[b] as number),
  );
  for (let from = 0; from < order.length; ) {
    const value = risk[order[from] as number];
    let goods = 0;
    let bads = 0;
    let to = from;
    for (; to < order.length && risk[order[to] as number] === value; to += 1) {
      if (bad[order[to] as number] === 1) bads += 1;
      else goods += 1;
    }
    yield { goods, bads };
    from = to;
  }
}

/** Chance that a bad one has the higher risk, half credit for ties; NaN with one class only. */
export function auc(risk: ArrayLike<number>, bad: Uint8Array): number {
  let goodsBelow = 0;
  let badsBelow = 0;
  let credit = 0;
  for (const { goods, bads } of steps(risk, bad)) {
    credit += bads * (goodsBelow + goods / 2);
    goodsBelow += goods;
    badsBelow += bads;
  }
  return credit / (goodsBelow * badsBelow);
}

/** Greatest difference between the shares of goods and of bads up to a risk. */
export function ks(risk: ArrayLike<number>, bad: Uint8Array): number {
  const all = { goods: 0, bads: 0 };
  for (const label of bad) all[label === 1 ? 'bads' : 'goods'] += 1;
  let goodsBelow = 0;
  let badsBelow = 0;
  let greatest = 0;
  for (const { goods, bads } of steps(risk, bad)) {
    goodsBelow += goods;
    badsBelow += bads;
    greatest = Math.max(greatest, goodsBelow / all.goods - badsBelow / all.bads);
  }
  return greatest;
}

export function brier(pd: ArrayLike<number>, bad: Uint8Array): number {
  let sum = 0;
  for (let row = 0; row < bad.length; row += 1) {
    const error = (pd[row] as number) - (bad[row] as number);
    sum += error * error;
  }
  return sum / bad.length;
}

export function logLoss(pd: ArrayLike<number>, bad: Uint8Array): number {
  let sum = 0;
  for (let row = 0; row < bad.length; row += 1) {
    const chance = pd[row] as number;
    sum -= log(bad[row] === 1 ? chance : 1 - chance);
  }
  return sum / bad.length;
}

/** Expected calibration error over ten bins of equal count. */
export function calibrationError(pd: ArrayLike<number>, bad: Uint8Array): number {
  const order = Array.from(bad, (_, row) => row).sort(
    (a, b) => (pd[a] as number) - (pd[b] as number),
  );
  let error = 0;
  for (let bin = 0; bin < 10; bin += 1) {
    const from = Math.floor((bin * order.length) / 10);
    const to = Math.floor(((bin + 1) * order.length) / 10);
    let gap = 0;
    for (const row of order.slice(from, to)) gap += (pd[row] as number) - (bad[row] as number);
    error += Math.abs(gap);
  }
  return error / order.length;
}

export interface Spread {
  readonly mean: number;
  /** n - 1 in the denominator. */
  readonly deviation: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  const squares = values.reduce((sum, x) => sum + (x - mean) * (x - mean), 0);
  return { mean, deviation: Math.sqrt(squares / (values.length - 1)) };
}
