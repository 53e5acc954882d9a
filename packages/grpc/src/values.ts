/**
 * Values that all services read from the wire and write to it in the same way. Every refusal is
 * INVALID and names the field, a path as in the proto file.
 */
import type { MessageInitShape } from '@bufbuild/protobuf';
import { type Timestamp, timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { DateSchema, Date as WireDate } from '@lianbao/api/google/type/date_pb';
import type { Decimal, DecimalSchema } from '@lianbao/api/google/type/decimal_pb';
import type { MoneySchema, Money as WireMoney } from '@lianbao/api/google/type/money_pb';
import {
  type CalendarDate,
  dateOf,
  decimalOfPpm,
  type Money,
  money,
  partsOf,
  ppmOfDecimal,
} from '@lianbao/kernel';
import { fieldInvalid } from './validation.ts';

const nanosPerFen = 10_000_000;
const nanosPerUnit = 1_000_000_000;
const unitsMax = 10_000_000_000_000n; // Ten trillion yuan: sums of such amounts fit a bigint column.
const secondsMin = -62_135_596_800n; // 0001-01-01
const secondsMax = 253_402_300_799n; // 9999-12-31

/** CNY in whole fen, at most ten trillion yuan either way. */
export function readMoney(value: WireMoney | undefined, field: string): Money {
  const { currencyCode, units, nanos } = required(value, field);
  if (currencyCode !== 'CNY') throw fieldInvalid(field, 'money.currency', 'has to be in CNY');
  if (nanos % nanosPerFen !== 0) {
    throw fieldInvalid(field, 'money.whole_fen', 'has to be a whole number of fen');
  }
  const sameSign = units === 0n || nanos === 0 || units > 0n === nanos > 0;
  if (!sameSign || Math.abs(nanos) >= nanosPerUnit) {
    throw fieldInvalid(field, 'money.nanos', 'has nanos out of range or of the other sign');
  }
  if (units > unitsMax || units < -unitsMax) {
    throw fieldInvalid(field, 'money.range', 'is larger than any amount here');
  }
  return money('CNY', units * 100n + BigInt(nanos / nanosPerFen));
}

export const toMoney = ({ currency, minorUnits }: Money): MessageInitShape<typeof MoneySchema> => ({
  currencyCode: currency,
  units: minorUnits / 100n, // Towards zero, as google.type.Money wants it.
  nanos: Number(minorUnits % 100n) * nanosPerFen,
});

/** A fraction of at most six decimals, "0.072", in millionths: 72000n. */
export function readDecimalPpm(value: Decimal | undefined, field: string): bigint {
  const ppm = ppmOfDecimal(required(value, field).value);
  if (ppm === undefined) {
    throw fieldInvalid(field, 'decimal.six_places', 'has to be a decimal of at most six places');
  }
  return ppm;
}

export const toDecimal = (ppm: bigint): MessageInitShape<typeof DecimalSchema> => ({
  value: decimalOfPpm(ppm),
});

/** A whole day; a date without day or month is refused. */
export function readDate(value: WireDate | undefined, field: string): CalendarDate {
  const { year, month, day } = required(value, field);
  const date = dateOf(year, month, day);
  if (date === undefined)
    throw fieldInvalid(field, 'date.calendar', 'is not a day of the calendar');
  return date;
}

export const toDate = (date: CalendarDate): MessageInitShape<typeof DateSchema> => partsOf(date);

/** Cut to whole milliseconds; the years 1 to 9999. */
export function readTimestamp(value: Timestamp | undefined, field: string): Date {
  const { seconds, nanos } = required(value, field);
  const inRange = seconds >= secondsMin && seconds <= secondsMax;
  if (!inRange || nanos < 0 || nanos >= nanosPerUnit) {
    throw fieldInvalid(field, 'timestamp.range', 'is not a moment of the years 1 to 9999');
  }
  return new Date(Number(seconds) * 1000 + Math.floor(nanos / 1_000_000));
}

export const toTimestamp = (moment: Date): Timestamp => timestampFromDate(moment);

/** The domain's name of a wire value, by the table that also writes it. */
export function readEnum<Name extends string>(
  names: Readonly<Record<Name, number>>,
  value: number,
  field: string,
): Name {
  const found = (Object.keys(names) as Name[]).find((name) => names[name] === value);
  if (found === undefined) throw fieldInvalid(field, 'enum.defined_only', 'is not a known value');
  return found;
}

function required<T>(value: T | undefined, field: string): T {
  if (value === undefined) throw fieldInvalid(field, 'required', 'is required');
  return value;
}
