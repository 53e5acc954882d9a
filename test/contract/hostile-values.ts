/** Values that no honest client sends, by what they are sent in place of. */
import { create, type Message } from '@bufbuild/protobuf';
import { TimestampSchema } from '@bufbuild/protobuf/wkt';
import { DateSchema } from '@lianbao/api/google/type/date_pb';
import { DecimalSchema } from '@lianbao/api/google/type/decimal_pb';
import { MoneySchema } from '@lianbao/api/google/type/money_pb';

export const hostileTexts: readonly string[] = [
  '',
  ' ',
  "'; drop table seller; --",
  "x' or '1'='1",
  '../../../../etc/passwd',
  'platforms/market/sellers/../../other',
  'platforms/%2e%2e/sellers/x',
  '$' + '{jndi:ldap://127.0.0.1/x}',
  '{{7*7}}',
  '<script>alert(1)</script>',
  '__proto__',
  'constructor',
  'null',
  'NaN',
  '-1',
  '1e309',
  '\u202Eresrever',
  '\uFEFFbom',
  'ＦＵＬＬ',
  '贷款',
  '💥',
  'line\nbreak\r\ttab',
  '\u0001\u001B[31m',
  'A'.repeat(600),
  '数'.repeat(70_000),
];

const largest = 9_223_372_036_854_775_807n;

export const moneyFaults: readonly Message[] = [
  { currencyCode: '', units: 1n },
  { currencyCode: 'USD', units: 100n },
  { currencyCode: 'cny', units: 100n },
  { currencyCode: 'CNY', units: 1n, nanos: 1 },
  { currencyCode: 'CNY', units: 1n, nanos: 5_000_000 },
  { currencyCode: 'CNY', units: 1n, nanos: -10_000_000 },
  { currencyCode: 'CNY', units: -1n, nanos: 10_000_000 },
  { currencyCode: 'CNY', units: 1n, nanos: 1_000_000_000 },
  { currencyCode: 'CNY', units: largest },
  { currencyCode: 'CNY', units: -largest },
].map((money) => create(MoneySchema, money));

export const dateFaults: readonly Message[] = [
  { year: 2025, month: 2, day: 30 },
  { year: 2023, month: 2, day: 29 },
  { year: 2026, month: 13, day: 1 },
  { year: 2026, month: 0, day: 1 },
  { year: 2026, month: 4, day: 31 },
  { year: 2026, month: 4, day: 0 },
  { year: 0, month: 1, day: 1 },
  { year: -2026, month: 1, day: 1 },
  { year: 2_147_483_647, month: 2_147_483_647, day: 2_147_483_647 },
].map((date) => create(DateSchema, date));

export const decimalFaults: readonly Message[] = [
  '',
  '0.0720001',
  '0.072 ',
  '0,072',
  '.072',
  '7.2%',
  '1e-2',
  '0x10',
  'NaN',
  'Infinity',
  '１',
  '--1',
  '9'.repeat(400),
].map((value) => create(DecimalSchema, { value }));

export const timestampFaults: readonly Message[] = [
  { seconds: 1n, nanos: -1 },
  { seconds: 1n, nanos: 1_000_000_000 },
  { seconds: largest, nanos: 0 },
  { seconds: -largest, nanos: 0 },
  { seconds: 253_402_300_800n, nanos: 0 },
].map((moment) => create(TimestampSchema, moment));
