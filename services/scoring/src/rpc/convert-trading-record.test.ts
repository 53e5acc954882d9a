import { create, type MessageInitShape } from '@bufbuild/protobuf';
import {
  InvoiceDirection,
  InvoiceStatus,
  TradingRecordSchema,
} from '@lianbao/api/lianbao/scoring/v1/scoring_service_pb';
import { type CalendarDate, dayIndex, Refusal } from '@lianbao/kernel';
import { describe, expect, it } from 'vitest';
import { readRecords } from './convert-trading-record.ts';

const today = '2020-02-21' as CalendarDate;

type Change = {
  readonly record?: MessageInitShape<typeof TradingRecordSchema>;
  readonly invoice?: Readonly<Record<string, unknown>>;
};

const wire = ({ record = {}, invoice = {} }: Change = {}) =>
  create(TradingRecordSchema, {
    source: 'golden-tax',
    externalId: 'A 1',
    revision: 1,
    eventDate: { year: 2020, month: 2, day: 21 },
    record: {
      case: 'invoice',
      value: {
        direction: InvoiceDirection.SALE,
        counterpartyKey: 'B_7-x',
        netAmount: { currencyCode: 'CNY', units: -3n, nanos: -50_000_000 },
        taxAmount: { currencyCode: 'CNY', units: 0n, nanos: 10_000_000 },
        status: InvoiceStatus.VALID,
        ...invoice,
      },
    },
    ...record,
  } as never);

const complaintsOf = (...records: ReturnType<typeof wire>[]): readonly string[] => {
  try {
    readRecords(records, today);
    return [];
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error.violations.map(({ field, reason }) => `${field} ${reason}`);
  }
};

const money = (units: bigint, nanos = 0, currencyCode = 'CNY') => ({ currencyCode, units, nanos });

describe('readRecords', () => {
  it('reads an invoice to the fen', () => {
    expect(readRecords([wire()], today)).toEqual([
      {
        source: 'golden-tax',
        externalId: 'A 1',
        revision: 1,
        day: dayIndex(today),
        direction: 'SALE',
        isVoid: false,
        counterparty: 'B_7-x',
        netFen: -305n,
        taxFen: 1n,
      },
    ]);
  });

  it.each<[string, Change, readonly string[]]>([
    ['source of 63', { record: { source: 'a'.repeat(63) } }, []],
    ['source of 64', { record: { source: 'a'.repeat(64) } }, ['source string.pattern']],
    ['id of 100', { record: { externalId: '~'.repeat(100) } }, []],
    ['id of 101', { record: { externalId: '~'.repeat(101) } }, ['external_id string.pattern']],
    ['revision 0', { record: { revision: 0 } }, ['revision int32.range']],
    ['tomorrow', { record: { eventDate: { year: 2020, month: 2, day: 22 } as never } }, []],
    [
      'the day after',
      { record: { eventDate: { year: 2020, month: 2, day: 23 } as never } },
      ['event_date date.future'],
    ],
    ['2000', { record: { eventDate: { year: 2000, month: 1, day: 1 } as never } }, []],
    ['no month', { record: { eventDate: { year: 2020 } as never } }, ['event_date date.calendar']],
    ['direction', { invoice: { direction: 3 } }, ['invoice.direction enum.defined']],
    ['status', { invoice: { status: 0 } }, ['invoice.status enum.defined']],
    ['key of 64', { invoice: { counterpartyKey: 'k'.repeat(64) } }, []],
    [
      'key of 65',
      { invoice: { counterpartyKey: 'k'.repeat(65) } },
      ['invoice.counterparty_key string.pattern'],
    ],
    ['no tax', { invoice: { taxAmount: undefined } }, ['invoice.tax_amount required']],
    [
      'dollars',
      { invoice: { netAmount: money(1n, 0, 'USD') } },
      ['invoice.net_amount money.currency'],
    ],
    [
      'half a fen',
      { invoice: { netAmount: money(1n, 5_000_000) } },
      ['invoice.net_amount money.whole_fen'],
    ],
    [
      'mixed signs',
      { invoice: { netAmount: money(1n, -10_000_000) } },
      ['invoice.net_amount money.nanos'],
    ],
    ['under the largest', { invoice: { netAmount: money(9_999_999_999n, 990_000_000) } }, []],
    [
      'too large',
      { invoice: { netAmount: money(-10_000_000_000n) } },
      ['invoice.net_amount money.range'],
    ],
  ])('%s', (_, change, complaints) => {
    expect(complaintsOf(wire(change))).toEqual(complaints.map((text) => `records[0].${text}`));
  });

  it('says again what is wrong with a day in each record that has it', () => {
    const late = wire({ record: { eventDate: { year: 2021, month: 1, day: 1 } as never } });
    expect(complaintsOf(wire(), late, late)).toEqual([
      'records[1].event_date date.future',
      'records[2].event_date date.future',
    ]);
  });

  it('lists a hundred complaints and no more', () => {
    const bad = wire({ record: { externalId: '' } });
    expect(complaintsOf(...Array.from({ length: 101 }, () => bad))).toHaveLength(100);
  });
});
