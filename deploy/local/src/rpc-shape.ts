/** Says what a message holds, as lines of JSON names and types; messages inside are indented. */
import type { DescField, DescMessage } from '@bufbuild/protobuf';

const scalars: Readonly<Record<number, string>> = {
  1: 'number',
  3: 'whole number as text',
  4: 'whole number as text',
  5: 'whole number',
  8: 'true or false',
  9: 'text',
  12: 'bytes in base64',
  13: 'whole number',
};

/** Messages with a JSON form of their own, or that everybody knows. */
const known: Readonly<Record<string, string>> = {
  'google.protobuf.Timestamp': 'moment, like "2020-02-21T01:00:00Z"',
  'google.protobuf.Any': 'any message',
  'google.type.Money': 'money, like {"currencyCode": "CNY", "units": "20000", "nanos": 0}',
  'google.type.Date': 'day, like {"year": 2020, "month": 2, "day": 21}',
  'google.type.Decimal': 'fraction, like {"value": "0.072"}',
};

export function shapeOf(message: DescMessage, indent = '  '): string[] {
  return message.fields.flatMap((field) => {
    const inner = messageIn(field);
    const open = inner !== undefined && known[inner.typeName] === undefined;
    const list = field.fieldKind === 'list' ? 'list of ' : '';
    const line = `${indent}${field.jsonName}: ${list}${typeOf(field)}`;
    return open ? [line, ...shapeOf(inner, `${indent}  `)] : [line];
  });
}

const messageIn = (field: DescField): DescMessage | undefined => field.message;

function typeOf(field: DescField): string {
  if (field.message !== undefined) return known[field.message.typeName] ?? field.message.name;
  if (field.enum !== undefined) {
    const names = field.enum.values.filter(({ number }) => number !== 0).map(({ name }) => name);
    return `one of ${names.join(', ')}`;
  }
  return scalars[field.scalar as number] ?? 'value';
}
