/**
 * One record of what a seller traded, as a source tells it: an invoice. A record is known by source,
 * external id and revision; a correction is the next revision and takes the place of the one before.
 */

/** Whole days since 1970-01-01. */
export type DayIndex = number;

export interface TradingRecord {
  readonly source: string;
  readonly externalId: string;
  /** From 1. */
  readonly revision: number;
  readonly day: DayIndex;
  readonly direction: 'SALE' | 'PURCHASE';
  readonly isVoid: boolean;
  /** The source's own code of the other side, never a name. */
  readonly counterparty: string;
  /** Negative: a red invoice. */
  readonly netFen: bigint;
  readonly taxFen: bigint;
}

/** Number of a seller's record in the order in which it became known, from 1. */
export type IngestSequence = bigint;

export interface StoredRecord extends TradingRecord {
  readonly ingestSequence: IngestSequence;
}

/** Of all revisions of one record. */
export const identityOf = ({ source, externalId }: TradingRecord): string =>
  `${source} ${externalId}`;

export const sameContent = (a: TradingRecord, b: TradingRecord): boolean =>
  a.day === b.day &&
  a.direction === b.direction &&
  a.isVoid === b.isVoid &&
  a.counterparty === b.counterparty &&
  a.netFen === b.netFen &&
  a.taxFen === b.taxFen;
