/** Copies of a sound request, each with one field, however deep, that nobody sound would send. */
import { type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf';

const texts = [
  '',
  '\0',
  '\ud800',
  ' ',
  "'; drop table seller; --",
  '../../platforms/p',
  '%s%n{{x}}',
  '𠀀'.repeat(5_000),
];

const messages: Readonly<Record<string, readonly unknown[]>> = {
  'google.type.Money': [
    { currencyCode: 'USD', units: 1n },
    { currencyCode: 'CNY', units: 2n ** 63n - 1n },
    { currencyCode: 'CNY', units: 1n, nanos: 1 },
    { currencyCode: 'CNY', units: 1n, nanos: -10_000_000 },
  ],
  'google.type.Date': [
    { year: 2026, month: 2, day: 30 },
    { year: 2026, month: 2 },
    { year: 99_999, month: 1, day: 1 },
    { year: -1, month: 1, day: 1 },
  ],
  'google.protobuf.Timestamp': [
    { seconds: 2n ** 63n - 1n, nanos: 999_999_999 },
    { seconds: -(2n ** 63n), nanos: -1 },
    { seconds: 1n, nanos: -1 },
  ],
};

const leaf = (field: DescField): readonly unknown[] => {
  if (field.message !== undefined)
    return [undefined, {}, ...(messages[field.message.typeName] ?? [])];
  if (field.enum !== undefined) return [-1, 0, 99];
  if (field.scalar === ScalarType.STRING) return texts;
  if (field.scalar === ScalarType.INT32) return [-1, 2 ** 31 - 1];
  if (field.scalar === ScalarType.INT64) return [-1n, 2n ** 63n - 1n];
  return [];
};

export interface Hostile {
  readonly path: string;
  readonly request: object;
}

export function hostileCopies(schema: DescMessage, request: object, under = ''): Hostile[] {
  const values = request as Readonly<Record<string, unknown>>;
  return schema.fields.flatMap((field) => {
    const path = under + field.name;
    const put = (value: unknown, at = path): Hostile => ({
      path: at,
      request: { ...values, [field.localName]: value },
    });
    const value = values[field.localName];
    if (field.fieldKind === 'list') {
      const items = Array.isArray(value) ? value : [];
      const [first] = items;
      const inside =
        field.message && first ? hostileCopies(field.message, first, `${path}[0].`) : [];
      return [
        put([]),
        put(Array.from({ length: 1_000 }, () => first)),
        ...leaf(field).flatMap((bad) => (bad === undefined ? [] : [put([bad])])),
        ...inside.map((copy) => put([copy.request, ...items.slice(1)], copy.path)),
      ];
    }
    const inside = field.message && value ? hostileCopies(field.message, value, `${path}.`) : [];
    return [
      ...leaf(field).map((bad) => put(bad)),
      ...inside.map((copy) => put(copy.request, copy.path)),
    ];
  });
}
