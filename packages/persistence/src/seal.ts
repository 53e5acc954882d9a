/**
 * Personal data at rest: AES-256-GCM bound to the place where it stands, so that a ciphertext moved to
 * another tenant, table, column or row does not open. Layout: key number (4 bytes, big-endian), nonce
 * (12), ciphertext, tag (16).
 */
import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import type { Tenant } from '@lianbao/kernel';
import type { KeyRing } from './key-ring.ts';

export interface Place {
  readonly tenant: Tenant;
  readonly table: string;
  readonly column: string;
  /** The row's key, its uid for one. */
  readonly row: string;
}

/** The bytes were changed or moved, or their key is not on the ring. Says nothing of the content. */
export class SealBroken extends Error {
  override readonly name = 'SealBroken';
}

const algorithm = 'aes-256-gcm';
const numberBytes = 4;
const nonceBytes = 12;
const tagBytes = 16;

export function seal(ring: KeyRing, place: Place, text: string): Buffer {
  const number = Buffer.alloc(numberBytes);
  number.writeUInt32BE(ring.current);
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(algorithm, keyOf(ring, place, ring.current), nonce);
  cipher.setAAD(binding(place, ring.current));
  const body = [cipher.update(text, 'utf8'), cipher.final()];
  return Buffer.concat([number, nonce, ...body, cipher.getAuthTag()]);
}

/** Throws SealBroken. */
export function unseal(ring: KeyRing, place: Place, sealed: Uint8Array): string {
  const bytes = Buffer.from(sealed);
  const bodyStart = numberBytes + nonceBytes;
  if (bytes.length < bodyStart + tagBytes) throw new SealBroken('too short');
  const number = bytes.readUInt32BE();
  const decipher = createDecipheriv(
    algorithm,
    keyOf(ring, place, number),
    bytes.subarray(numberBytes, bodyStart),
    { authTagLength: tagBytes },
  );
  decipher.setAAD(binding(place, number));
  decipher.setAuthTag(bytes.subarray(-tagBytes));
  try {
    const body = bytes.subarray(bodyStart, -tagBytes);
    return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
  } catch {
    throw new SealBroken('changed, or moved from another place');
  }
}

/** HMAC-SHA-256 under the tenant's hash key, lower-case hex: to find, never to recover. */
export const keyedHash = (ring: KeyRing, tenant: Tenant, text: string): string =>
  createHmac('sha256', ring.hashingKey(tenant)).update(text, 'utf8').digest('hex');

function keyOf(ring: KeyRing, { tenant }: Place, number: number): Buffer {
  const key = ring.sealingKey(tenant, number);
  if (key === undefined) throw new SealBroken(`key ${number} is not on the ring`);
  return key;
}

const binding = ({ tenant, table, column, row }: Place, number: number): Buffer =>
  Buffer.from(JSON.stringify([number, tenant, table, column, row]));
