/**
 * Text that no database takes, or that no client could have meant: NUL characters and bytes that are
 * not UTF-8. Both are looked for in every string of a request, however deep.
 */
import { isUtf8 } from 'node:buffer';
import { type DescField, type DescMessage, type Message, ScalarType } from '@bufbuild/protobuf';
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { fieldValue } from './field-value.ts';

/** Path of the first string with a NUL or a lone surrogate; undefined when all are clean. */
export const unfitText = (schema: DescMessage, message: Message): string | undefined =>
  checkOf(schema)(message as never, '');

/** Path of the first string whose bytes are not UTF-8. Throws on bytes that are no message at all. */
export function brokenText(schema: DescMessage, bytes: Uint8Array, under = ''): string | undefined {
  const reader = new BinaryReader(bytes);
  const counts = new Map<number, number>();
  while (reader.pos < reader.len) {
    const [number, wireType] = reader.tag();
    const field = schema.fields.find((each) => each.number === number);
    if (wireType !== WireType.LengthDelimited || field === undefined) {
      reader.skip(wireType, number);
      continue;
    }
    const content = reader.bytes();
    const index = counts.get(number) ?? 0;
    counts.set(number, index + 1);
    const path = under + (field.fieldKind === 'list' ? `${field.name}[${index}]` : field.name);
    if (field.message !== undefined && field.fieldKind !== 'map') {
      const found = brokenText(field.message, content, `${path}.`);
      if (found !== undefined) return found;
    } else if (field.fieldKind === 'map' ? !mapIsUtf8(content, field) : holdsText(field)) {
      if (field.fieldKind === 'map' || !isUtf8(content)) return path;
    }
  }
  return undefined;
}

type Check = (message: Readonly<Record<string, unknown>>, under: string) => string | undefined;
type ValueCheck = (value: unknown, path: string) => string | undefined;

const checks = new WeakMap<DescMessage, Check>();

// Made once a type: only fields that can hold text are walked.
function checkOf(schema: DescMessage): Check {
  const known = checks.get(schema);
  if (known !== undefined) return known;
  const fields: { readonly field: DescField; readonly check: ValueCheck }[] = [];
  const check: Check = (message, under) => {
    for (const { field, check } of fields) {
      const value = fieldValue(message, field);
      if (value === undefined || value === '') continue;
      const found = check(value, under + field.name);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  checks.set(schema, check); // Before its fields, for messages that hold themselves.
  for (const field of schema.fields) {
    const check = valueCheck(field);
    if (check !== undefined) fields.push({ field, check });
  }
  return check;
}

function valueCheck(field: DescField): ValueCheck | undefined {
  const one = holdsText(field) ? checkText : messageCheck(field);
  if (field.fieldKind === 'list') {
    return one && ((values, path) => firstOf(Object.entries(values as unknown[]), one, path));
  }
  if (field.fieldKind === 'map') {
    return (values, path) => {
      const entries = Object.entries(values as object);
      const badKey = entries.some(([key]) => checkText(key, path) !== undefined);
      return badKey ? path : one && firstOf(entries, one, path);
    };
  }
  return one;
}

function firstOf(entries: readonly [string, unknown][], one: ValueCheck, path: string) {
  for (const [key, value] of entries) {
    const found = one(value, `${path}[${key}]`);
    if (found !== undefined) return found;
  }
  return undefined;
}

function messageCheck({ message }: DescField): ValueCheck | undefined {
  if (message === undefined || message.typeName === 'google.protobuf.Timestamp') return undefined;
  const check = checkOf(message);
  return (value, path) => check(value as never, `${path}.`);
}

const checkText: ValueCheck = (value, path) => {
  const text = value as string;
  return text.includes('\0') || !text.isWellFormed() ? path : undefined;
};

const holdsText = (field: DescField): boolean =>
  field.fieldKind !== 'enum' && field.fieldKind !== 'message' && field.scalar === ScalarType.STRING;

// Keys and values of a map are named by its field: a key that is broken cannot be printed.
function mapIsUtf8(entry: Uint8Array, field: DescField & { fieldKind: 'map' }): boolean {
  const reader = new BinaryReader(entry);
  while (reader.pos < reader.len) {
    const [number, wireType] = reader.tag();
    if (wireType !== WireType.LengthDelimited) {
      reader.skip(wireType, number);
      continue;
    }
    const content = reader.bytes();
    const text = number === 1 ? field.mapKey === ScalarType.STRING : holdsText(field);
    if (text && !isUtf8(content)) return false;
  }
  return true;
}
