/** The protovalidate rules of a field, read from the descriptor alone. */
import { type DescExtension, type DescField, type DescFile, getOption } from '@bufbuild/protobuf';

export interface Range {
  readonly least: bigint | undefined;
  readonly most: bigint | undefined;
}

export interface FieldRules {
  readonly required: boolean;
  /** An empty value passes. */
  readonly mayBeEmpty: boolean;
  readonly text?: TextRules;
  readonly range?: Range;
  readonly knownOnly?: boolean;
  readonly items?: {
    readonly min: number;
    readonly max: number | undefined;
    readonly unique: boolean;
    readonly each: FieldRules;
  };
}

export interface TextRules {
  readonly pattern: RegExp | undefined;
  readonly minLength: number;
  readonly maxLength: number | undefined;
  readonly uuid: boolean;
  readonly among: readonly string[];
}

interface WireRules {
  readonly required?: boolean;
  readonly ignore?: number;
  readonly type?: { readonly case?: string; readonly value?: object };
}

interface WireText {
  readonly pattern: string;
  readonly minLen: bigint;
  readonly maxLen: bigint;
  readonly in: readonly string[];
  readonly wellKnown: { readonly case?: string };
}

interface WireNumber {
  readonly greaterThan: { readonly case?: string; readonly value?: number | bigint };
  readonly lessThan: { readonly case?: string; readonly value?: number | bigint };
}

interface WireItems {
  readonly minItems: bigint;
  readonly maxItems: bigint;
  readonly unique: boolean;
  readonly items?: WireRules;
}

const ignoreZeroValue = 1;

/** `buf.validate.field`, found through the imports of a file of the contract. */
export function ruleReader(file: DescFile): (field: DescField) => FieldRules | undefined {
  const validate = file.dependencies.find(({ name }) => name === 'buf/validate/validate');
  const extension = validate?.extensions.find(({ name }) => name === 'field');
  if (extension === undefined) throw new Error(`${file.name} imports no rules`);
  return (field) => rulesOf(getOption(field, extension as DescExtension) as WireRules);
}

function rulesOf(wire: WireRules): FieldRules | undefined {
  const { type, required = false, ignore } = wire;
  if (type?.case === undefined && !required) return undefined;
  const base = { required, mayBeEmpty: ignore === ignoreZeroValue };
  switch (type?.case) {
    case 'string':
      return { ...base, text: textRules(type.value as WireText) };
    case 'int32':
    case 'int64':
      return { ...base, range: rangeOf(type.value as WireNumber) };
    case 'enum':
      return { ...base, knownOnly: true };
    case 'repeated':
      return { ...base, items: itemRules(type.value as WireItems) };
    case undefined:
      return base;
    default:
      throw new Error(`rules of ${type?.case} are not known here`);
  }
}

const textRules = (wire: WireText): TextRules => ({
  pattern: wire.pattern === '' ? undefined : new RegExp(wire.pattern, 'u'),
  minLength: Number(wire.minLen),
  maxLength: wire.maxLen === 0n ? undefined : Number(wire.maxLen),
  uuid: wire.wellKnown.case === 'uuid',
  among: wire.in,
});

const rangeOf = ({ greaterThan, lessThan }: WireNumber): Range => ({
  least: greaterThan.case === 'gte' ? BigInt(greaterThan.value ?? 0) : undefined,
  most: lessThan.case === 'lte' ? BigInt(lessThan.value ?? 0) : undefined,
});

const itemRules = ({ minItems, maxItems, unique, items }: WireItems) => ({
  min: Number(minItems),
  max: maxItems === 0n ? undefined : Number(maxItems),
  unique,
  each: (items && rulesOf(items)) ?? { required: false, mayBeEmpty: true },
});

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

export function breaksText(text: string, rules: TextRules, mayBeEmpty: boolean): boolean {
  if (mayBeEmpty && text === '') return false;
  const { pattern, minLength, maxLength, among } = rules;
  const length = [...text].length;
  return (
    (pattern !== undefined && !pattern.test(text)) ||
    length < minLength ||
    (maxLength !== undefined && length > maxLength) ||
    (rules.uuid && !uuid.test(text)) ||
    (among.length > 0 && !among.includes(text))
  );
}
