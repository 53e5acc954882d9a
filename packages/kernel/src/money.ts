/**
 * Money: a currency and a whole number of minor units (fen for CNY). Sums are exact; where a ratio
 * is taken the rounding is in the function's name, and the caller chooses the safe side.
 */
import { type Rounding, roundedRatio } from './ratio.ts';
import { commonRefusals } from './refusal.ts';

export type Currency = 'CNY';

export interface Money {
  readonly currency: Currency;
  readonly minorUnits: bigint;
}

export const money = (currency: Currency, minorUnits: bigint): Money => ({ currency, minorUnits });

/** CNY of so many fen. */
export const fen = (minorUnits: bigint): Money => money('CNY', minorUnits);

/** CNY of so many whole yuan. */
export const yuan = (units: bigint): Money => money('CNY', units * 100n);

export const plus = (a: Money, b: Money): Money => combine(a, b, a.minorUnits + b.minorUnits);
export const minus = (a: Money, b: Money): Money => combine(a, b, a.minorUnits - b.minorUnits);
export const times = (a: Money, factor: bigint): Money => money(a.currency, a.minorUnits * factor);
export const negate = (a: Money): Money => money(a.currency, -a.minorUnits);

/** Negative, zero or positive as a is less than, equal to or more than b. */
export function compare(a: Money, b: Money): number {
  sameCurrency(a, b);
  return a.minorUnits < b.minorUnits ? -1 : a.minorUnits > b.minorUnits ? 1 : 0;
}

export const least = (first: Money, ...others: readonly Money[]): Money =>
  others.reduce((low, each) => (compare(each, low) < 0 ? each : low), first);

export const greatest = (first: Money, ...others: readonly Money[]): Money =>
  others.reduce((high, each) => (compare(each, high) > 0 ? each : high), first);

export const sumOf = (amounts: Iterable<Money>): Money => {
  let total = fen(0n);
  for (const amount of amounts) total = plus(total, amount);
  return total;
};

/** a x numerator / denominator, rounded as named. */
export const scale = (
  a: Money,
  numerator: bigint,
  denominator: bigint,
  rounding: Rounding,
): Money => money(a.currency, roundedRatio(a.minorUnits * numerator, denominator, rounding));

/** Rounded up to the next minor unit: for what may be lost. */
export const scaleUp = (a: Money, numerator: bigint, denominator: bigint): Money =>
  scale(a, numerator, denominator, 'UP');

/** Rounded down: for what may be lent. */
export const scaleDown = (a: Money, numerator: bigint, denominator: bigint): Money =>
  scale(a, numerator, denominator, 'DOWN');

/** The largest multiple of `step` not above a. Refuses a step that is not positive. */
export function stepDown(a: Money, step: Money): Money {
  sameCurrency(a, step);
  if (step.minorUnits <= 0n) {
    throw commonRefusals.FIELD_INVALID({ field: 'step', limit: 'positive' });
  }
  return money(a.currency, roundedRatio(a.minorUnits, step.minorUnits, 'DOWN') * step.minorUnits);
}

/** Like 1,234.50, with two decimals and thousands apart; for people, never for machines. */
export function formatMoney({ minorUnits }: Money): string {
  const sign = minorUnits < 0n ? '-' : '';
  const whole = minorUnits < 0n ? -minorUnits : minorUnits;
  const units = String(whole / 100n).replace(/\B(?=(\d{3})+$)/g, ',');
  return `${sign}${units}.${String(whole % 100n).padStart(2, '0')}`;
}

function combine(a: Money, b: Money, minorUnits: bigint): Money {
  sameCurrency(a, b);
  return money(a.currency, minorUnits);
}

function sameCurrency(a: Money, b: Money): void {
  if (a.currency !== b.currency) {
    throw commonRefusals.FIELD_INVALID({ field: 'currency', limit: `${a.currency} only` });
  }
}
