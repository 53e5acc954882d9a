import { inspect } from 'node:util';
import type { Tenant } from '@lianbao/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newKeyRing, readKeyRing, withNewKey } from './key-ring.ts';
import { keyedHash, type Place, SealBroken, seal, unseal } from './seal.ts';

const key = (byte: number): string => Buffer.alloc(32, byte).toString('base64');
const ringText = JSON.stringify({ current: 1, keys: { 1: key(1) }, hashKey: key(9) });
const ring = readKeyRing(ringText);
const tenant = 'here' as Tenant;
const place: Place = { tenant, table: 'seller', column: 'identity_number', row: 'r1' };

describe('a sealed text', () => {
  it('opens where it was sealed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(unseal(ring, place, seal(ring, place, text))).toBe(text);
      }),
      { seed: 42 },
    );
  });

  it.each([
    ['tenant', { tenant: 'there' as Tenant }],
    ['table', { table: 'holder' }],
    ['column', { column: 'phone' }],
    ['row', { row: 'r2' }],
  ])('does not open in another %s', (_, moved) => {
    const sealed = seal(ring, place, '440106199001011234');
    expect(() => unseal(ring, { ...place, ...moved }, sealed)).toThrow(SealBroken);
  });

  it('does not open where the parts of its place join to the same text', () => {
    const sealed = seal(ring, { ...place, table: 'ab', column: 'c' }, 'x');
    expect(() => unseal(ring, { ...place, table: 'a', column: 'bc' }, sealed)).toThrow(SealBroken);
  });

  it('does not open with any bit changed, or cut', () => {
    const sealed = seal(ring, place, 'ab');
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const changed = Buffer.from(sealed);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => unseal(ring, place, changed)).toThrow(SealBroken);
    }
    for (let length = 0; length < sealed.length; length += 1) {
      expect(() => unseal(ring, place, sealed.subarray(0, length))).toThrow(SealBroken);
    }
  });

  it('is other bytes each time, with the number of its key before them', () => {
    const [one, two] = [seal(ring, place, 'x'), seal(ring, place, 'x')];
    expect(one.equals(two)).toBe(false);
    expect(one.readUInt32BE()).toBe(1);
    expect(one).toHaveLength(4 + 12 + 1 + 16);
  });

  it('still opens after the key was changed, and not with another ring', () => {
    const old = seal(ring, place, 'x');
    const changed = readKeyRing(withNewKey(ringText));
    expect(unseal(changed, place, old)).toBe('x');
    const fresh = seal(changed, place, 'x');
    expect(fresh.readUInt32BE()).toBe(2);
    expect(() => unseal(ring, place, fresh)).toThrow(SealBroken);
    expect(() => unseal(readKeyRing(newKeyRing()), place, old)).toThrow(SealBroken);
  });
});

describe('a keyed hash', () => {
  it('never changes: it stands in other services and in events kept for ever', () => {
    const expected = keyedHash(ring, tenant, '91440101MA59A1B2C3');
    expect(expected).toMatchInlineSnapshot(
      `"f20817489c847bc3a8a075a46a1daf3cd67dad89de2609c758c4f16454d6c66e"`,
    );
    expect(keyedHash(readKeyRing(withNewKey(ringText)), tenant, '91440101MA59A1B2C3')).toBe(
      expected,
    );
  });

  it('is another one in another tenant, for another text and under another key', () => {
    const hashes = [
      keyedHash(ring, tenant, 'a'),
      keyedHash(ring, 'there' as Tenant, 'a'),
      keyedHash(ring, tenant, 'b'),
      keyedHash(readKeyRing(newKeyRing()), tenant, 'a'),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});

describe('a key ring', () => {
  it('shows no key in a log, in JSON or when printed', () => {
    const shown = `${JSON.stringify(ring)} ${inspect(ring, { depth: 9, showHidden: true })} ${ring}`;
    expect(shown).not.toContain(key(1));
    expect(shown).not.toContain(key(9));
    expect(shown).not.toMatch(/Buffer|01 01 01/);
  });

  it.each([
    ['no JSON', 'secret'],
    ['null', 'null'],
    ['no keys', '{}'],
    [
      'a current key that is not there',
      JSON.stringify({ current: 2, keys: { 1: key(1) }, hashKey: key(9) }),
    ],
    ['a short key', JSON.stringify({ current: 1, keys: { 1: 'AAAA' }, hashKey: key(9) })],
    [
      'a short old key',
      JSON.stringify({ current: 2, keys: { 1: 'AAAA', 2: key(2) }, hashKey: key(9) }),
    ],
    [
      'a key without a number',
      JSON.stringify({ current: 1, keys: { 1: key(1), x: key(2) }, hashKey: key(9) }),
    ],
    ['no hash key', JSON.stringify({ current: 1, keys: { 1: key(1) } })],
  ])('is refused with %s, and the message shows nothing of it', (_, text) => {
    expect(() => readKeyRing(text)).toThrow(/^the key ring (is not JSON|has (no|a) [a-z0-9 ]+)$/);
  });

  it('read back is whole', () => {
    expect(readKeyRing(newKeyRing()).current).toBe(1);
    expect(readKeyRing(withNewKey(withNewKey(newKeyRing()))).current).toBe(3);
  });
});
