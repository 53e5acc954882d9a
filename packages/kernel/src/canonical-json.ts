/** Canonical JSON (RFC 8785) and its SHA-256: the same content has the same bytes on every machine. */
import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

export function canonicalJson(value: Json): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('not a JSON value');
  return text;
}

/** Lower-case hex. */
export const sha256 = (bytes: string | Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex');

export const contentHash = (value: Json): string => sha256(canonicalJson(value));
