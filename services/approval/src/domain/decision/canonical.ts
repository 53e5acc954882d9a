/**
 * What is kept of a decision is canonical JSON, so that it can be compared byte by byte years later.
 * JSON has no whole numbers of our size: names that end in Fen or Ppm hold bigints, written as text.
 */
import { canonicalJson, type Json } from '@lianbao/kernel';

const wholeNumber = /(?:Fen|Ppm)$/;

/** Members that are undefined are left out: a fact that did not come is absent, never null. */
export const canonicalText = (value: object): string => canonicalJson(plain(value) as Json);

/** A SyntaxError when the text is no JSON, or a name of a whole number holds something else. */
export const readCanonical = <Value>(text: string): Value =>
  JSON.parse(text, (name, value: unknown) =>
    wholeNumber.test(name) && typeof value === 'string' ? BigInt(value) : value,
  ) as Value;

function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.map(([name, member]) => [name, plain(member)]));
}
