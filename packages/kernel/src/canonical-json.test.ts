import fc from 'fast-check';
import { expect, it } from 'vitest';
import { canonicalJson, contentHash, type Json, sha256 } from './canonical-json.ts';

it('sorts members by code unit and leaves no space', () => {
  expect(canonicalJson({ b: [1, true, null], a: 'x', A: { z: 0, y: -0 } })).toBe(
    '{"A":{"y":0,"z":0},"a":"x","b":[1,true,null]}',
  );
});

it('writes numbers and strings as RFC 8785 says', () => {
  expect(canonicalJson([1e21, 1e-7, 0.1, 100])).toBe('[1e+21,1e-7,0.1,100]');
  expect(canonicalJson('€$\u000f\nA\'B"\\"/')).toBe('"€$\\u000f\\nA\'B\\"\\\\\\"/"');
});

it.each([Number.NaN, Number.POSITIVE_INFINITY])('refuses %d', (value) => {
  expect(() => canonicalJson({ value })).toThrow();
});

it('refuses what is not JSON', () => {
  expect(() => canonicalJson(undefined as unknown as Json)).toThrow(TypeError);
});

it('does not depend on the order in which members were set', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.integer()), (members) => {
      const reversed = Object.fromEntries(Object.entries(members).toReversed());
      expect(contentHash(reversed)).toBe(contentHash(members));
      expect(JSON.parse(canonicalJson(members))).toEqual(members);
    }),
    { seed: 42 },
  );
});

it('hashes with SHA-256 in lower-case hex', () => {
  expect(sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  expect(contentHash({})).toBe(sha256('{}'));
});
