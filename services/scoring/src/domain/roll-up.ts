/**
 * Sums of records by day and by counterparty, as differences: what accepted records add and superseded
 * ones take away. All whole numbers, so no order of addition can change a bit.
 */
import { type CalendarDate, dayOfIndex, monthIndex } from '@lianbao/kernel';
import type { Intake } from './intake.ts';
import type { DayIndex, TradingRecord } from './trading-record.ts';

export interface SideOfDay {
  /** Void invoices included. */
  count: number;
  voidCount: number;
  /** Of valid ones, as are the amounts. */
  negativeCount: number;
  netFen: bigint;
  taxFen: bigint;
}

export interface DayChange {
  readonly day: DayIndex;
  /** Months since year 0. */
  readonly month: number;
  readonly sale: SideOfDay;
  readonly purchase: SideOfDay;
}

export interface CounterpartyChange {
  readonly direction: TradingRecord['direction'];
  readonly counterparty: string;
  validCount: number;
  /** Of valid invoices of positive amount, without tax. */
  positiveFen: bigint;
}

export interface RollUpChange {
  readonly days: readonly DayChange[];
  readonly counterparties: readonly CounterpartyChange[];
}

const empty = (): SideOfDay => ({
  count: 0,
  voidCount: 0,
  negativeCount: 0,
  netFen: 0n,
  taxFen: 0n,
});

export function rollUp({
  accepted,
  superseded,
}: Pick<Intake, 'accepted' | 'superseded'>): RollUpChange {
  const days = new Map<DayIndex, DayChange>();
  const counterparties = new Map<string, CounterpartyChange>();
  for (const record of accepted) add(record, 1, days, counterparties);
  for (const record of superseded) add(record, -1, days, counterparties);
  return { days: [...days.values()], counterparties: [...counterparties.values()] };
}

function add(
  { day, direction, isVoid, counterparty, netFen, taxFen }: TradingRecord,
  sign: 1 | -1,
  days: Map<DayIndex, DayChange>,
  counterparties: Map<string, CounterpartyChange>,
): void {
  let ofDay = days.get(day);
  if (ofDay === undefined) {
    ofDay = { day, month: monthOfDay(day), sale: empty(), purchase: empty() };
    days.set(day, ofDay);
  }
  const side = direction === 'SALE' ? ofDay.sale : ofDay.purchase;
  side.count += sign;
  if (isVoid) {
    side.voidCount += sign;
    return;
  }
  if (netFen < 0n) side.negativeCount += sign;
  side.netFen += sign === 1 ? netFen : -netFen;
  side.taxFen += sign === 1 ? taxFen : -taxFen;

  const key = `${direction} ${counterparty}`;
  let other = counterparties.get(key);
  if (other === undefined) {
    other = { direction, counterparty, validCount: 0, positiveFen: 0n };
    counterparties.set(key, other);
  }
  other.validCount += sign;
  if (netFen > 0n) other.positiveFen += sign === 1 ? netFen : -netFen;
}

const monthOfDay = (day: DayIndex): number => monthIndex(dayOfIndex(day) as CalendarDate);
