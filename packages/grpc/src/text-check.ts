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
  checkOf(schema)(message)?.slice(1);

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

/** Where the unfit text is, below the value: `` is the value itself, then `.name`, `[3].name`. */
type Check = (value: unknown) => string | undefined;

const checks = new WeakMap<DescMessage, Check>();

// Made once a type: only fields that can hold text are walked.
function checkOf(schema: DescMessage): Check {
  const known = checks.get(schema);
  if (known !== undefined) return known;
  const fields: { readonly field: DescField; readonly check: Check }[] = [];
  const checkMessage: Check = (message) => {
    for (const { field, check } of fields) {
      const value = fieldValue(message as Readonly<Record<string, unknown>>, field);
      const found = value === undefined ? undefined : check(value);
      if (found !== undefined) return `.${field.name}${found}`;
    }
    return undefined;
  };
  checks.set(schema, checkMessage); // Before its fields, for messages that hold themselves.
  for (const field of schema.fields) {
    const check = checkOfField(field);
    if (check !== undefined) fields.push({ field, check });
  }
  return checkMessage;
}

function checkOfField(field: DescField): Check | undefined {
  const one = holdsText(field) ? checkText : field.message && checkOf(field.message);
  if (field.fieldKind === 'list') return one && ((values) => inList(values as unknown[], one));
  if (field.fieldKind === 'map') return (values) => inMap(values as object, one);
  return one;
}

function inList(values: readonly unknown[], one: Check): string | undefined {
  for (let index = 0; index < values.length; index += 1) {
    const found = one(values[index]);
    if (found !== undefined) return `[${index}]${found}`;
  }
  return undefined;
}

// A bad key is named by its field, since it cannot be printed.
function inMap(values: object, one: Check | undefined): string | undefined {
  for (const [key, value] of Object.entries(values)) {
    if (checkText(key) !== undefined) return '';
    const found = one?.(value);
    if (found !== undefined) return `[${key}]${found}`;
  }
  return undefined;
}

const checkText: Check = (value) => {
  const text = value as string;
  return text.includes('\0') || !text.isWellFormed() ? '' : undefined;
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
