/**
 * Amounts, days, moments and decimals that mean nothing, found wherever they stand in a request, so that
 * they are named together with what protovalidate finds. A message type without a rule of its own is
 * checked by its service: of trading records a thousand come in a call.
 */
import { type DescField, type DescMessage, hasOption, type Message } from '@bufbuild/protobuf';
import { field as fieldRules } from '@bufbuild/protovalidate/gen/buf/validate/validate_pb.js';
import { type FieldViolation, Refusal } from '@lianbao/kernel';
import { fieldValue } from './field-value.ts';
import { readDate, readDecimalPpm, readMoney, readTimestamp } from './values.ts';

export const unfitValues = (schema: DescMessage, message: Message): readonly FieldViolation[] => {
  const found: FieldViolation[] = [];
  checkOf(schema)?.(message, '', found);
  return found;
};

/** Adds what is wrong with the value; its fields stand under the prefix. */
type Check = (value: unknown, path: string, found: FieldViolation[]) => void;

const readers: Readonly<Record<string, (value: never, field: string) => unknown>> = {
  'google.type.Money': readMoney,
  'google.type.Date': readDate,
  'google.type.Decimal': readDecimalPpm,
  'google.protobuf.Timestamp': readTimestamp,
};

const checks = new WeakMap<DescMessage, Check>();

// Made once a type: only fields that can hold such values are walked.
function checkOf(schema: DescMessage): Check | undefined {
  const known = checks.get(schema);
  if (known !== undefined) return known;
  const fields: { readonly field: DescField; readonly check: Check }[] = [];
  const checkFields: Check = (message, path, found) => {
    for (const { field, check } of fields) {
      const value = fieldValue(message as Readonly<Record<string, unknown>>, field);
      if (value !== undefined) check(value, `${path}${field.name}`, found);
    }
  };
  checks.set(schema, checkFields); // Before its fields, for messages that hold themselves.
  for (const field of schema.fields) {
    const check = checkOfField(field);
    if (check !== undefined) fields.push({ field, check });
  }
  return checkFields;
}

function checkOfField(field: DescField): Check | undefined {
  if (field.fieldKind !== 'message' && field.fieldKind !== 'list') return undefined;
  const one = field.message && checkOfMessage(field.message);
  if (one === undefined || field.fieldKind === 'message') return one;
  return (values, path, found) => {
    for (const [at, value] of (values as unknown[]).entries()) one(value, `${path}[${at}]`, found);
  };
}

function checkOfMessage(schema: DescMessage): Check | undefined {
  const read = readers[schema.typeName];
  if (read !== undefined) {
    return (value, path, found) => {
      found.push(...violationsOf(() => read(value as never, path)));
    };
  }
  if (!schema.fields.some((field) => hasOption(field, fieldRules))) return undefined;
  const inside = checkOf(schema);
  return inside && ((value, path, found) => inside(value, `${path}.`, found));
}

function violationsOf(read: () => unknown): readonly FieldViolation[] {
  try {
    read();
    return [];
  } catch (error) {
    if (error instanceof Refusal) return error.violations;
    throw error;
  }
}
