/**
 * What may be written to a log. Personal data and secrets go by the name of their field, at any depth,
 * and by their shape inside texts, since an error's message may quote a request or a row.
 */

const censored = '[redacted]';

/** Lower case, without `_` and `-`; a field is censored when its name ends in one of them. */
const censoredNames = [
  'identitynumber',
  'identity',
  'idcardnumber',
  'creditcode',
  'legalname',
  'fullname',
  'personname',
  'person',
  'phone',
  'phonenumber',
  'mobile',
  'email',
  'bankaccount',
  'accountnumber',
  'postaladdress',
  'token',
  'jwt',
  'authorization',
  'password',
  'secret',
  'privatekey',
  'privatejwk',
  'keyring',
  'databaseurl',
  'ownerurl',
];

const censoredShapes: readonly RegExp[] = [
  /\b\d{17}[\dXx]\b/g, // identity number of a natural person, GB 11643
  /\b[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}\b/g, // unified credit code, GB 32100
  /\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, // JWT
  /\bBearer\s+\S+/gi,
  /(?<=:\/\/[^\s/:@]*:)[^\s/@]+(?=@)/g, // password of a URL
];

/** Deeper parts are left out; so are texts past their limit. */
const depthMax = 8;
const itemsMax = 100;
const charactersMax = 8_192;

export function redactText(text: string): string {
  const clean = censoredShapes.reduce((rest, shape) => rest.replace(shape, censored), text);
  return clean.length > charactersMax ? `${clean.slice(0, charactersMax)}[cut]` : clean;
}

/** A copy that JSON can hold, without personal data and secrets. Bigints become text, bytes their number. */
export const redact = (value: unknown): unknown => copyOf(value, 0);

function copyOf(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'function' || typeof value === 'symbol') return undefined;
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (depth === depthMax) return '[deeper]';
  if (value instanceof Error) return copyOf(partsOfError(value), depth);
  if (value instanceof Map) return copyOf(Object.fromEntries(value), depth);
  if (value instanceof Set) return copyOf([...value], depth);
  if (Array.isArray(value)) {
    const kept = value.slice(0, itemsMax).map((item) => copyOf(item, depth + 1));
    return value.length > itemsMax ? [...kept, `[${value.length - itemsMax} more]`] : kept;
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [
      name,
      isCensored(name) ? censored : copyOf(part, depth + 1),
    ]),
  );
}

/** Not every property: a driver's error carries the query's values. */
function partsOfError(error: Error): Record<string, unknown> {
  const { name, message, stack, cause } = error;
  const { code, reason, facts, errors } = error as { [part: string]: unknown } & Error;
  return Object.fromEntries(
    Object.entries({ name, message, code, reason, facts, stack, cause, errors }).filter(
      ([, part]) => part !== undefined,
    ),
  );
}

function isCensored(name: string): boolean {
  const plain = name.toLowerCase().replace(/[_-]/g, '');
  return censoredNames.some((censoredName) => plain.endsWith(censoredName));
}
