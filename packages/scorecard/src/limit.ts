/**
 * The limit that scoring suggests (scoring.md 7): the least of a share of what the weak months bring and
 * a share of yearly sales. Its numbers travel in the artefact, so that a score replays with its limit.
 */
import { roundedRatio } from '@lianbao/kernel';
import type { CreditClass } from './master-scale.ts';

export type LendableClass = Exclude<CreditClass, 'D'>;

export interface LimitTable {
  /** Times base. */
  readonly baseMultiplierBps: Readonly<Record<LendableClass, bigint>>;
  /** Of the sales of twelve months. */
  readonly salesShareBps: Readonly<Record<LendableClass, bigint>>;
}

/** Of the twelve whole calendar months before the as-of month. Negative amounts (returns) give no limit. */
export interface MonthlySales {
  readonly lowestMonthFen: bigint;
  readonly firstQuartileMonthFen: bigint;
  readonly sales12mFen: bigint;
}

export interface SuggestedLimit {
  readonly limitFen: bigint;
  /** CLASS: class D, no limit. On a tie BASE. */
  readonly bindingTerm: 'BASE' | 'SALES' | 'CLASS';
}

/** base = min(2 x lowest month, 3 x first quartile month); rounded down to the fen, never negative. */
export function suggestedLimit(
  table: LimitTable,
  creditClass: CreditClass,
  { lowestMonthFen, firstQuartileMonthFen, sales12mFen }: MonthlySales,
): SuggestedLimit {
  if (creditClass === 'D') return { limitFen: 0n, bindingTerm: 'CLASS' };
  const twice = 2n * lowestMonthFen;
  const thrice = 3n * firstQuartileMonthFen;
  const base = share(twice < thrice ? twice : thrice, table.baseMultiplierBps[creditClass]);
  const sales = share(sales12mFen, table.salesShareBps[creditClass]);
  return base <= sales
    ? { limitFen: base, bindingTerm: 'BASE' }
    : { limitFen: sales, bindingTerm: 'SALES' };
}

const share = (fen: bigint, bps: bigint): bigint =>
  fen <= 0n ? 0n : roundedRatio(fen * bps, 10_000n, 'DOWN');
