/**
 * Keys for personal data. Encryption keys are numbered, the newest seals, all open; the hash key never
 * changes, because its hashes stand in other services and in events kept for ever. Each tenant's own
 * keys are derived from them (HKDF, RFC 5869).
 */
import { hkdfSync, randomBytes } from 'node:crypto';
import type { Tenant } from '@lianbao/kernel';

const keyBytes = 32;

interface KeyFile {
  readonly current: number;
  /** Base64 of 32 bytes each. */
  readonly keys: Readonly<Record<string, string>>;
  readonly hashKey: string;
}

export class KeyRing {
  readonly current: number;
  // Private, so that neither a log nor JSON ever shows them.
  readonly #keys: ReadonlyMap<number, Buffer>;
  readonly #hashKey: Buffer;
  readonly #derived = new Map<string, Buffer>();

  constructor(current: number, keys: ReadonlyMap<number, Buffer>, hashKey: Buffer) {
    this.current = current;
    this.#keys = keys;
    this.#hashKey = hashKey;
  }

  /** Undefined when the ring has no key of that number. */
  sealingKey(tenant: Tenant, number: number): Buffer | undefined {
    const key = this.#keys.get(number);
    return key && this.#derive(key, `seal ${number} ${tenant}`);
  }

  hashingKey(tenant: Tenant): Buffer {
    return this.#derive(this.#hashKey, `hash ${tenant}`);
  }

  #derive(key: Buffer, purpose: string): Buffer {
    let derived = this.#derived.get(purpose);
    if (derived === undefined) {
      derived = Buffer.from(hkdfSync('sha256', key, '', `lianbao ${purpose}`, keyBytes));
      this.#derived.set(purpose, derived);
    }
    return derived;
  }
}

/** JSON text of a ring with one encryption key and the hash key. */
export const newKeyRing = (): string =>
  write({ current: 1, keys: { '1': newKey() }, hashKey: newKey() });

/** JSON text of the same ring with one more encryption key, which seals from now on. */
export function withNewKey(text: string): string {
  const ring = parse(text);
  const current = Math.max(...Object.keys(ring.keys).map(Number)) + 1;
  return write({ ...ring, current, keys: { ...ring.keys, [current]: newKey() } });
}

/** Refuses a text that is not a whole ring; the message never shows a key. */
export function readKeyRing(text: string): KeyRing {
  const { current, keys, hashKey } = parse(text);
  const entries = Object.entries(keys).map(([number, key]): [number, Buffer] => [
    Number(number),
    Buffer.from(key, 'base64'),
  ]);
  return new KeyRing(current, new Map(entries), Buffer.from(hashKey, 'base64'));
}

const newKey = (): string => randomBytes(keyBytes).toString('base64');
const write = (ring: KeyFile): string => `${JSON.stringify(ring, null, 2)}\n`;

function parse(text: string): KeyFile {
  let ring: Partial<KeyFile> | null;
  try {
    ring = JSON.parse(text);
  } catch {
    throw new Error('the key ring is not JSON'); // The cause would quote the text.
  }
  const { current, keys, hashKey } = ring ?? {};
  if (typeof keys !== 'object' || keys === null || typeof current !== 'number') {
    throw new Error('the key ring has no current key');
  }
  if (!isKey(keys[current])) throw new Error('the key ring has no current key');
  for (const [number, key] of Object.entries(keys)) {
    const fits = /^[1-9]\d{0,8}$/.test(number) && isKey(key);
    if (!fits) throw new Error('the key ring has a key that is not 32 bytes under a number');
  }
  if (!isKey(hashKey)) throw new Error('the key ring has no hash key');
  return { current, keys, hashKey };
}

const isKey = (key: unknown): key is string =>
  typeof key === 'string' && /^[A-Za-z0-9+/]{43}=$/.test(key);
