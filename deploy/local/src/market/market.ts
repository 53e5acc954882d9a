/** What a demo runs on: firms with their invoices, and of some the outcome. */
import type { CalendarDate } from '@lianbao/kernel';
import type { InvoiceColumns } from './invoice-columns.ts';

/** Whole days since 1970-01-01. */
export type DayIndex = number;

export interface Invoice {
  readonly direction: 'SALE' | 'PURCHASE';
  readonly number: string;
  readonly day: DayIndex;
  /** The source's own code of the other side. */
  readonly counterparty: string;
  /** Without tax; negative: a red invoice. */
  readonly netFen: bigint;
  readonly taxFen: bigint;
  readonly isVoid: boolean;
  /** From 1; a correction is the next. */
  readonly revision: number;
}

export interface Firm {
  /** Of the source, such as E124. */
  readonly code: string;
  /** Number in the market, from 1; synthetic identities are made of it. */
  readonly number: number;
  readonly legalName: string;
  readonly kind: 'COMPANY' | 'INDIVIDUAL_BUSINESS';
  /** GB/T 4754. */
  readonly tradeCategory: string;
  /** GB/T 2260. */
  readonly regionCode: string;
  /** Defaulted; undefined where the outcome is not known. */
  readonly isBad: boolean | undefined;
  readonly invoices: InvoiceColumns;
  /** Valid sales of the 12 whole calendar months before the market's month, without tax. */
  readonly sales12mFen: bigint;
}

export interface MarketData {
  readonly origin: 'REAL' | 'SYNTHETIC';
  /** The last day that is known. */
  readonly asOf: CalendarDate;
  readonly firms: readonly Firm[];
  readonly rowCount: number;
  /** Rows that repeat another in all they say. */
  readonly copyCount: number;
  /** Rows of another's identity that say something else of it. */
  readonly correctionCount: number;
}

export const invoiceCount = ({ firms }: Pick<MarketData, 'firms'>): number =>
  firms.reduce((sum, { invoices }) => sum + invoices.count, 0);
