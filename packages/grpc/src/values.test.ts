import { create } from '@bufbuild/protobuf';
import { TimestampSchema } from '@bufbuild/protobuf/wkt';
import { DateSchema } from '@lianbao/api/google/type/date_pb';
import { DecimalSchema } from '@lianbao/api/google/type/decimal_pb';
import { MoneySchema } from '@lianbao/api/google/type/money_pb';
import { addDays, type CalendarDate, fen } from '@lianbao/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  readDate,
  readDecimalPpm,
  readEnum,
  readMoney,
  readTimestamp,
  toDate,
  toDecimal,
  toMoney,
  toTimestamp,
} from './values.ts';

const field = 'application.requested_amount';
const refused = (rule: string) =>
  expect.objectContaining({
    kind: 'INVALID',
    reason: 'FIELD_INVALID',
    violations: [expect.objectContaining({ field, reason: rule })],
  });
const cny = (units: bigint, nanos: number, currencyCode = 'CNY') =>
  create(MoneySchema, { currencyCode, units, nanos });

describe('money', () => {
  it.each([
    [1n, 10_000_000, 101n],
    [0n, 990_000_000, 99n],
    [-1n, -10_000_000, -101n],
    [0n, -10_000_000, -1n],
    [0n, 0, 0n],
    [10_000_000_000_000n, 0, 1_000_000_000_000_000n],
  ])('of %d units and %d nanos is %d fen', (units, nanos, amount) => {
    expect(readMoney(cny(units, nanos), field)).toEqual(fen(amount));
  });

  it.each([
    ['money.currency', cny(1n, 0, 'USD')],
    ['money.currency', cny(1n, 0, '')],
    ['money.whole_fen', cny(1n, 10_000_001)],
    ['money.nanos', cny(1n, -10_000_000)],
    ['money.nanos', cny(-1n, 10_000_000)],
    ['money.nanos', cny(1n, 1_000_000_000)],
    ['money.range', cny(10_000_000_000_001n, 0)],
    ['money.range', cny(-10_000_000_000_001n, 0)],
    ['required', undefined],
  ])('is refused by %s', (rule, value) => {
    expect(() => readMoney(value, field)).toThrow(refused(rule));
  });

  it('comes back as it went', () => {
    const amounts = fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n });
    fc.assert(
      fc.property(amounts, (amount) => {
        expect(readMoney(create(MoneySchema, toMoney(fen(amount))), field)).toEqual(fen(amount));
      }),
      { seed: 42 },
    );
  });
});

describe('a decimal', () => {
  it.each([
    ['0.072', 72_000n],
    ['1', 1_000_000n],
    ['-0.000001', -1n],
  ])('%s is %d ppm', (value, ppm) => {
    expect(readDecimalPpm(create(DecimalSchema, { value }), field)).toBe(ppm);
  });

  it.each(['0.0720001', '7.2e-2', '', '.5', 'NaN'])('is refused as %j', (value) => {
    expect(() => readDecimalPpm(create(DecimalSchema, { value }), field)).toThrow(
      refused('decimal.six_places'),
    );
  });

  it('is required', () => {
    expect(() => readDecimalPpm(undefined, field)).toThrow(refused('required'));
  });

  it('comes back as it went', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n }), (ppm) => {
        expect(readDecimalPpm(create(DecimalSchema, toDecimal(ppm)), field)).toBe(ppm);
      }),
      { seed: 42 },
    );
  });
});

describe('a date', () => {
  it('is a day of the calendar', () => {
    const leap = create(DateSchema, { year: 2024, month: 2, day: 29 });
    expect(readDate(leap, field)).toBe('2024-02-29');
  });

  it.each([
    { year: 2023, month: 2, day: 29 },
    { year: 2023, month: 2, day: 0 },
    { year: 2023, month: 0, day: 0 },
    { year: 0, month: 2, day: 1 },
    { year: 10_000, month: 1, day: 1 },
  ])('is refused as %j', (value) => {
    expect(() => readDate(create(DateSchema, value), field)).toThrow(refused('date.calendar'));
  });

  it('comes back as it went', () => {
    fc.assert(
      fc.property(fc.integer({ min: -20_000, max: 20_000 }), (days) => {
        const date = addDays('2000-01-01' as CalendarDate, days);
        expect(readDate(create(DateSchema, toDate(date)), field)).toBe(date);
      }),
      { seed: 42 },
    );
  });
});

describe('a timestamp', () => {
  it('is cut to whole milliseconds', () => {
    const value = create(TimestampSchema, { seconds: 1n, nanos: 1_999_999 });
    expect(readTimestamp(value, field)).toEqual(new Date(1_001));
  });

  it.each([
    { seconds: 253_402_300_800n, nanos: 0 },
    { seconds: -62_135_596_801n, nanos: 0 },
    { seconds: 0n, nanos: -1 },
    { seconds: 0n, nanos: 1_000_000_000 },
  ])('is refused as %o', (value) => {
    expect(() => readTimestamp(create(TimestampSchema, value), field)).toThrow(
      refused('timestamp.range'),
    );
  });

  it('comes back as it went, before 1970 too', () => {
    const moments = fc.date({
      min: new Date('0001-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59.999Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(moments, (moment) => {
        expect(readTimestamp(toTimestamp(moment), field)).toEqual(moment);
      }),
      { seed: 42 },
    );
  });
});

describe('an enum', () => {
  const colours = { RED: 1, BLUE: 2 } as const;

  it('is read by the table that writes it', () => {
    expect([1, 2].map((value) => readEnum(colours, value, field))).toEqual(['RED', 'BLUE']);
  });

  it.each([0, 3, -1])('is refused as %i', (value) => {
    expect(() => readEnum(colours, value, field)).toThrow(refused('enum.defined_only'));
  });
});
