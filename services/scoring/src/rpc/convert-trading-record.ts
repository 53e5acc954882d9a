/**
 * Trading records from the wire. A thousand come in a call, so their fields are checked here by hand and
 * not by protovalidate: all that is wrong at once, each with its path and the limit it breaks.
 */
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { Date as WireDate } from '@lianbao/api/google/type/date_pb';
import type { Money as WireMoney } from '@lianbao/api/google/type/money_pb';
import {
  type Invoice,
  InvoiceDirection,
  InvoiceStatus,
  RecordOutcome,
  type StreamTradingRecordsResponseSchema,
  type SubmitTradingRecordsResponseSchema,
  type TradingRecord as WireRecord,
} from '@lianbao/api/lianbao/scoring/v1/scoring_service_pb';
import { fieldsInvalid } from '@lianbao/grpc';
import { type CalendarDate, dateOf, dayIndex, type FieldViolation } from '@lianbao/kernel';
import type { Submitted } from '../application/submit-trading-records.ts';
import type { RecordOutcome as Outcome } from '../domain/intake.ts';
import type { TradingRecord } from '../domain/trading-record.ts';

const violationsMax = 100;
const firstDay = dayIndex('2000-01-01' as CalendarDate);
const unitsMax = 10_000_000_000n; // Yuan: sums of many such amounts fit a bigint column.
const revisionMax = 1_000_000;
const nanosPerFen = 10_000_000;

const source = /^[a-z0-9-]{1,63}$/;
const externalId = /^[\x20-\x7e]{1,100}$/;
const counterparty = /^[A-Za-z0-9_-]{1,64}$/;

/** `position`: of the message in its stream. */
export function readRecords(
  records: readonly WireRecord[],
  today: CalendarDate,
  position?: number,
): readonly TradingRecord[] {
  const reader = recordReader(dayIndex(today) + 1);
  const read = records.map((record, at) => reader.read(record, at));
  const { violations } = reader;
  if (violations.length > 0) {
    throw fieldsInvalid(violations, {
      field: violations[0]?.field ?? '',
      ...(position === undefined ? {} : { position: String(position) }),
    });
  }
  return read;
}

function recordReader(lastDay: number) {
  const violations: FieldViolation[] = [];
  const days = new Map<number, number>();
  let at = 0;

  const complain = (field: string, reason: string, description: string): void => {
    if (violations.length === violationsMax) return;
    violations.push({ field: `records[${at}].${field}`, reason, description });
  };

  const readDay = (date: WireDate | undefined): number => {
    const { year, month, day } = date ?? { year: 0, month: 0, day: 0 };
    const key = (year * 16 + month) * 64 + day;
    const known = days.get(key);
    if (known !== undefined) return known;
    const found = dateOf(year, month, day);
    if (found === undefined) {
      complain('event_date', 'date.calendar', 'has to be a day of the calendar');
      return 0;
    }
    const index = dayIndex(found);
    if (index > lastDay) {
      complain('event_date', 'date.future', 'is more than one day after today');
    } else if (index < firstDay) {
      complain('event_date', 'date.past', 'is before 2000-01-01');
    } else {
      days.set(key, index); // Only days without fault are looked up again.
    }
    return index;
  };

  const readFen = (money: WireMoney | undefined, field: string): bigint => {
    if (money === undefined) {
      complain(field, 'required', 'is required');
      return 0n;
    }
    const { currencyCode, units, nanos } = money;
    if (currencyCode !== 'CNY') complain(field, 'money.currency', 'has to be in CNY');
    if (nanos % nanosPerFen !== 0) {
      complain(field, 'money.whole_fen', 'has to be a whole number of fen');
      return 0n;
    }
    const sameSign = units === 0n || nanos === 0 || units > 0n === nanos > 0;
    if (!sameSign || nanos >= 1_000_000_000 || nanos <= -1_000_000_000) {
      complain(field, 'money.nanos', 'has nanos out of range or of the other sign');
    }
    if (units >= unitsMax || units <= -unitsMax) {
      complain(field, 'money.range', `has to be under ${unitsMax} yuan either way`);
    }
    return units * 100n + BigInt(nanos / nanosPerFen);
  };

  const readInvoice = ({ direction, status, counterpartyKey, netAmount, taxAmount }: Invoice) => {
    if (direction !== InvoiceDirection.SALE && direction !== InvoiceDirection.PURCHASE) {
      complain('invoice.direction', 'enum.defined', 'has to be SALE or PURCHASE');
    }
    if (status !== InvoiceStatus.VALID && status !== InvoiceStatus.VOID) {
      complain('invoice.status', 'enum.defined', 'has to be VALID or VOID');
    }
    if (!counterparty.test(counterpartyKey)) {
      const rule = 'has to be 1 to 64 of A-Z, a-z, 0-9, _ and -';
      complain('invoice.counterparty_key', 'string.pattern', rule);
    }
    return {
      direction: direction === InvoiceDirection.SALE ? ('SALE' as const) : ('PURCHASE' as const),
      isVoid: status === InvoiceStatus.VOID,
      counterparty: counterpartyKey,
      netFen: readFen(netAmount, 'invoice.net_amount'),
      taxFen: readFen(taxAmount, 'invoice.tax_amount'),
    };
  };

  const nothing = {
    direction: 'SALE' as const,
    isVoid: true,
    counterparty: '',
    netFen: 0n,
    taxFen: 0n,
  };

  return {
    violations: violations as readonly FieldViolation[],
    read: (wire: WireRecord, place: number): TradingRecord => {
      at = place;
      if (!source.test(wire.source)) {
        complain('source', 'string.pattern', 'has to be 1 to 63 of a-z, 0-9 and -');
      }
      if (!externalId.test(wire.externalId)) {
        const rule = 'has to be 1 to 100 printable ASCII characters';
        complain('external_id', 'string.pattern', rule);
      }
      if (wire.revision < 1 || wire.revision > revisionMax) {
        complain('revision', 'int32.range', `has to be 1 to ${revisionMax}`);
      }
      const day = readDay(wire.eventDate);
      if (wire.record.case === undefined) complain('invoice', 'required', 'is required');
      const invoice = wire.record.case === 'invoice' ? readInvoice(wire.record.value) : nothing;
      return {
        source: wire.source,
        externalId: wire.externalId,
        revision: wire.revision,
        day,
        ...invoice,
      };
    },
  };
}

const outcomes: Readonly<Record<Outcome, RecordOutcome>> = {
  ACCEPTED: RecordOutcome.ACCEPTED,
  DUPLICATE: RecordOutcome.DUPLICATE,
  CONFLICT: RecordOutcome.CONFLICT,
};

export const toSubmitResponse = ({
  records,
  outcomes: found,
  watermark,
}: Submitted): MessageInitShape<typeof SubmitTradingRecordsResponseSchema> => ({
  results: records.map(({ source, externalId, revision }, at) => ({
    source,
    externalId,
    revision,
    outcome: outcomes[found[at] as Outcome],
  })),
  watermark,
});

export function toStreamResponse({
  seller,
  outcomes: found,
  watermark,
}: Submitted): MessageInitShape<typeof StreamTradingRecordsResponseSchema> {
  const count = (outcome: Outcome) => found.filter((one) => one === outcome).length;
  return {
    parent: seller,
    acceptedCount: count('ACCEPTED'),
    duplicateCount: count('DUPLICATE'),
    conflictIndexes: found.flatMap((outcome, at) => (outcome === 'CONFLICT' ? [at] : [])),
    watermark,
  };
}
