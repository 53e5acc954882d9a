/**
 * Engine `progressive-1` for one disbursement at one rate (`lending.md` 1.4): rows in whole fen. The
 * equal instalment is moved once, by the gap of the last row over the rows, and only if that makes
 * the gap smaller (rule 3). It agrees with Apache Fineract's progressive loans.
 */
import { roundedRatio } from '@lianbao/kernel';
import type { FenRounding } from './conventions.ts';
import { annuityFen, interestFen } from './interest.ts';
import type { Period } from './period.ts';

export interface Row {
  readonly principalFen: bigint;
  readonly interestFen: bigint;
}

export interface Debt {
  readonly principalFen: bigint;
  readonly ratePpm: bigint;
  readonly periods: readonly Period[];
  readonly rounding: FenRounding;
}

export type RowsRefusal = 'INTEREST_ABOVE_INSTALMENT' | 'PLAN_ENDS_EARLY';

/** Interest in each row, the principal in the last. */
export function bulletRows({ principalFen, ratePpm, periods, rounding }: Debt): Row[] {
  return periods.map((period, index) => ({
    principalFen: index === periods.length - 1 ? principalFen : 0n,
    interestFen: interestFen(principalFen, ratePpm, period, rounding),
  }));
}

/** Refused: an instalment that does not cover a row's interest, or that repays all before the last row. */
export function equalInstalmentRows(debt: Debt): readonly Row[] | RowsRefusal {
  const { principalFen, ratePpm, periods, rounding } = debt;
  const instalment = annuityFen(principalFen, ratePpm, periods, rounding);
  const rows = rowsOf(debt, instalment);
  const gap = gapOf(rows, instalment);
  const count = BigInt(periods.length);
  if (size(gap) <= count / 2n) return checked(rows);
  const moved = instalment + roundedRatio(gap, count, rounding);
  const movedRows = rowsOf(debt, moved);
  return checked(size(gapOf(movedRows, moved)) < size(gap) ? movedRows : rows);
}

function rowsOf({ principalFen, ratePpm, periods, rounding }: Debt, instalment: bigint): Row[] {
  const rows: Row[] = [];
  const last = periods.length - 1;
  let balance = principalFen;
  for (const [index, period] of periods.entries()) {
    const interest = interestFen(balance, ratePpm, period, rounding);
    const principal = index === last ? balance : instalment - interest;
    rows.push({ principalFen: principal, interestFen: interest });
    balance -= principal;
  }
  return rows;
}

/** How far the last row's total is above the instalment. */
function gapOf(rows: readonly Row[], instalment: bigint): bigint {
  const { principalFen, interestFen } = rows.at(-1) as Row;
  return principalFen + interestFen - instalment;
}

function checked(rows: readonly Row[]): readonly Row[] | RowsRefusal {
  if ((rows.at(-1) as Row).principalFen <= 0n) return 'PLAN_ENDS_EARLY';
  return rows.some((row) => row.principalFen < 0n) ? 'INTEREST_ABOVE_INSTALMENT' : rows;
}

const size = (value: bigint): bigint => (value < 0n ? -value : value);
