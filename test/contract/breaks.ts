/**
 * Every single way, known from the descriptors, in which a valid request can be made invalid, each with
 * the path of the field that the answer has to name.
 */
import {
  clone,
  type DescEnum,
  type DescField,
  type DescMessage,
  type Message,
  ScalarType,
} from '@bufbuild/protobuf';
import {
  dateFaults,
  decimalFaults,
  hostileTexts,
  moneyFaults,
  timestampFaults,
} from './hostile-values.ts';
import { breaksText, type FieldRules, ruleReader, type TextRules } from './rules.ts';

export interface Break {
  /** As the answer names it: `documents[0].kind`. */
  readonly path: string;
  readonly how: string;
  /** Breaks a copy of the valid request, in place. */
  readonly apply: (request: Message) => void;
}

type Fields = Record<string, unknown>;

const valueFaults: Readonly<Record<string, readonly Message[]>> = {
  'google.type.Money': moneyFaults,
  'google.type.Date': dateFaults,
  'google.type.Decimal': decimalFaults,
  'google.protobuf.Timestamp': timestampFaults,
};

/** `ownPrefix`: names of this field have to begin so, or the answer is about permission. */
export interface BreakOptions {
  readonly ownField: string | undefined;
  readonly ownPrefix: string;
  readonly requestIdRequired: boolean;
  readonly etagRequired: boolean;
}

export function breaksOf(
  schema: DescMessage,
  valid: Message,
  options: BreakOptions,
): readonly Break[] {
  const rules = ruleReader(schema.file);
  const found: Break[] = [];
  const walk = (at: DescMessage, read: (root: Message) => Fields, path: string): void => {
    const here = read(valid);
    for (const field of at.fields) {
      const own = path === '' && field.name === options.ownField;
      const place = { field, path: `${path}${field.name}`, read };
      found.push(...breaksOfField(place, rules(field), own ? options.ownPrefix : undefined));
      if (field.fieldKind === 'message' && !(field.message.typeName in valueFaults)) {
        if (fieldOf(here, field) === undefined) continue;
        walk(field.message, (root) => fieldOf(read(root), field) as Fields, `${place.path}.`);
      }
      if (field.fieldKind === 'list' && field.message !== undefined) {
        if ((here[field.localName] as unknown[]).length === 0) continue;
        walk(
          field.message,
          (root) => (read(root)[field.localName] as Fields[])[0] as Fields,
          `${place.path}[0].`,
        );
      }
    }
  };
  walk(schema, (root) => root as unknown as Fields, '');
  const missing = (name: string, localName: string): Break => ({
    path: name,
    how: 'missing',
    apply: (request) => {
      (request as unknown as Fields)[localName] = '';
    },
  });
  if (options.requestIdRequired) found.push(missing('request_id', 'requestId'));
  if (options.etagRequired) found.push(missing('etag', 'etag'));
  return found;
}

/** Of a field, or of the one that its oneof holds. */
function fieldOf(fields: Fields, { oneof, localName }: DescField): unknown {
  if (oneof === undefined) return fields[localName];
  const chosen = fields[oneof.localName] as { case?: string; value?: unknown };
  return chosen.case === localName ? chosen.value : undefined;
}

interface Place {
  readonly field: DescField;
  readonly path: string;
  readonly read: (root: Message) => Fields;
}

const setter = ({ field, path, read }: Place, how: string, value: unknown, at = path): Break => ({
  path: at,
  how,
  apply: (request) => {
    read(request)[field.localName] = value;
  },
});

function breaksOfField(
  place: Place,
  rules: FieldRules | undefined,
  ownPrefix: string | undefined,
): readonly Break[] {
  const { field } = place;
  switch (field.fieldKind) {
    case 'scalar':
      return rules === undefined ? [] : scalarBreaks(place, rules, ownPrefix);
    case 'enum':
      return rules?.knownOnly === true
        ? strangeNumbers(field.enum).map((number) => setter(place, `number ${number}`, number))
        : [];
    case 'message': {
      const faults = valueFaults[field.message.typeName] ?? [];
      const missing = rules?.required === true ? [setter(place, 'missing', undefined)] : [];
      return [...missing, ...faults.map((fault) => setter(place, shown(fault), fault))];
    }
    case 'list':
      return rules?.items === undefined ? [] : listBreaks(place, rules.items);
    default:
      throw new Error(`${place.path} is of a kind that is not known here`);
  }
}

function scalarBreaks(place: Place, rules: FieldRules, ownPrefix: string | undefined) {
  const { field } = place;
  if (rules.text !== undefined) {
    const { text, mayBeEmpty } = rules;
    return textsAgainst(text, mayBeEmpty, ownPrefix).map((value) =>
      setter(place, JSON.stringify(value.slice(0, 40)), value),
    );
  }
  const { least, most } = rules.range ?? {};
  const wide = field.fieldKind === 'scalar' && field.scalar === ScalarType.INT64;
  const bits = wide ? 63n : 31n;
  const out = [
    ...(least === undefined ? [] : [least - 1n, -(2n ** bits)]),
    ...(most === undefined ? [] : [most + 1n, 2n ** bits - 1n]),
  ];
  return out.map((value) => setter(place, String(value), wide ? value : Number(value)));
}

/** Hostile texts that break the rules, and lengths one step past the limits. */
function textsAgainst(rules: TextRules, mayBeEmpty: boolean, ownPrefix: string | undefined) {
  const { minLength, maxLength } = rules;
  const edges = [
    ...(minLength > 0 ? ['x'.repeat(minLength - 1)] : []),
    ...(maxLength === undefined ? [] : ['x'.repeat(maxLength + 1)]),
  ];
  const texts = [...hostileTexts, ...edges].map((text) =>
    // A missing name is left to validation, too.
    ownPrefix === undefined || text === '' ? text : `${ownPrefix}/${text}`,
  );
  return texts.filter((text) => breaksText(text, rules, mayBeEmpty));
}

function strangeNumbers({ values }: DescEnum): readonly number[] {
  const largest = Math.max(...values.map(({ number }) => number));
  return [0, largest + 1, 99_999, -1, -2_147_483_648];
}

function listBreaks(
  place: Place,
  { min, max, unique, each }: NonNullable<FieldRules['items']>,
): readonly Break[] {
  const { field, path, read } = place;
  const found: Break[] = [];
  if (min > 0) found.push(setter(place, 'empty', []));
  const times = (count: number, how: string): Break => ({
    path,
    how,
    apply: (request) => {
      const fields = read(request);
      const [one = 1] = fields[field.localName] as unknown[]; // Of an empty list of an enum.
      fields[field.localName] = Array.from({ length: count }, () => one);
    },
  });
  if (max !== undefined) found.push(times(max + 1, `${max + 1} items`));
  if (unique && max !== undefined && max > 1) found.push(times(2, 'the same twice'));
  if (each.knownOnly === true && field.fieldKind === 'list' && field.enum !== undefined) {
    const numbers = strangeNumbers(field.enum);
    found.push(...numbers.map((number) => setter(place, `[${number}]`, [number], `${path}[0]`)));
  }
  if (each.text !== undefined) {
    const texts = textsAgainst(each.text, false, undefined);
    found.push(
      ...texts.map((text) =>
        setter(place, JSON.stringify([text.slice(0, 40)]), [text], `${path}[0]`),
      ),
    );
  }
  return found;
}

const shown = (message: Message): string =>
  JSON.stringify(message, (key, value) => {
    if (key === '$typeName') return undefined;
    return typeof value === 'bigint' ? String(value) : value;
  }).slice(0, 60);

/** A copy of the valid request with these breaks in it. */
export function broken(schema: DescMessage, valid: Message, breaks: readonly Break[]): Message {
  const request = clone(schema, valid);
  for (const { apply } of breaks) apply(request);
  return request;
}

/** True when one of the two lies inside the other, so that they would undo each other. */
export const overlap = (a: Break, b: Break): boolean =>
  a.path === b.path || isInside(a.path, b.path) || isInside(b.path, a.path);

const isInside = (path: string, outer: string): boolean =>
  path.startsWith(`${outer}.`) || path.startsWith(`${outer}[`);

/** True when the answer names the field, or a part of it. */
export const names = (fields: readonly string[], path: string): boolean =>
  fields.some((field) => field === path || isInside(field, path));
