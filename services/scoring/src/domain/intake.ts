/**
 * What becomes of records that a source sends: taken, known already, or in conflict with what is there.
 * A conflict is told in the record's own result; the rest of the call stands.
 */
import {
  type IngestSequence,
  identityOf,
  type StoredRecord,
  sameContent,
  type TradingRecord,
} from './trading-record.ts';

export type RecordOutcome = 'ACCEPTED' | 'DUPLICATE' | 'CONFLICT';

export interface Intake {
  /** One a record, in the same order. */
  readonly outcomes: readonly RecordOutcome[];
  readonly accepted: readonly StoredRecord[];
  /** Records whose place an accepted one took. */
  readonly superseded: readonly TradingRecord[];
  readonly watermark: IngestSequence;
}

/** `known`: every revision stored of the records sent. Revision n + 1 needs revision n. */
export function takeIn(
  records: readonly TradingRecord[],
  known: Iterable<TradingRecord>,
  watermark: IngestSequence,
): Intake {
  const revisions = new Map<string, TradingRecord[]>();
  const of = (record: TradingRecord): TradingRecord[] => {
    const identity = identityOf(record);
    const found = revisions.get(identity) ?? [];
    if (found.length === 0) revisions.set(identity, found);
    return found;
  };
  for (const record of known) of(record)[record.revision - 1] = record;

  const accepted: StoredRecord[] = [];
  const superseded: TradingRecord[] = [];
  let sequence = watermark;
  const outcomes = records.map((record): RecordOutcome => {
    const stored = of(record);
    const there = stored[record.revision - 1];
    if (there !== undefined) return sameContent(there, record) ? 'DUPLICATE' : 'CONFLICT';
    if (stored.length !== record.revision - 1) return 'CONFLICT';
    const before = stored.at(-1);
    if (before !== undefined) superseded.push(before);
    stored.push(record);
    sequence += 1n;
    accepted.push({ ...record, ingestSequence: sequence });
    return 'ACCEPTED';
  });
  return { outcomes, accepted, superseded, watermark: sequence };
}
