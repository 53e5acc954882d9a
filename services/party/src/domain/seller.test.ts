import { type CalendarDate, fen } from '@lianbao/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { citizenCheckCharacter } from './identity.ts';
import {
  maskedName,
  requireBlock,
  requireIdentity,
  requireUnblocked,
  type Seller,
  type SellerKind,
  stateOf,
} from './seller.ts';

const standing: Seller['standing'] = {
  controllers: [],
  netAssets: fen(0n),
  netAssetsDate: '2026-06-30' as CalendarDate,
  verifiedUntil: '2027-06-30' as CalendarDate,
};
const block: Seller['block'] = {
  reason: 'order',
  document: { location: 'x', sha256: 'a'.repeat(64), mediaType: 'a/b', sizeBytes: 1n },
  person: 'one',
  time: new Date('2026-11-25T02:00:00Z'),
};
const seller = { standing: undefined, block: undefined } as Seller;

it.each([
  ['REGISTERED', seller],
  ['VERIFIED', { ...seller, standing }],
  ['BLOCKED', { ...seller, block }],
  ['BLOCKED', { ...seller, standing, block }],
])('is %s by what is on file', (state, given) => {
  expect(stateOf(given)).toBe(state);
});

it('is blocked once, and unblocked only then', () => {
  const refusal = expect.objectContaining({ reason: 'STATE_NOT_ALLOWED' });
  expect(() => requireUnblocked(seller)).not.toThrow();
  expect(() => requireUnblocked({ ...seller, block })).toThrow(refusal);
  expect(requireBlock({ ...seller, block })).toBe(block);
  expect(() => requireBlock(seller)).toThrow(refusal);
});

describe('a masked name', () => {
  it.each<[SellerKind, string, string]>([
    ['NATURAL_PERSON', '张', '***'],
    ['NATURAL_PERSON', '张三', '张***'],
    ['NATURAL_PERSON', '阿卜杜拉·买买提', '阿***'],
    ['NATURAL_PERSON', '𠮷田', '𠮷***'],
    ['INDIVIDUAL_BUSINESS', '张三小吃', '张***'],
    ['COMPANY', '张三小吃店', '张***'],
    ['COMPANY', '杭州合成公司', '杭***公司'],
  ])('of %s %s is %s', (kind, name, masked) => {
    expect(maskedName(kind, name)).toBe(masked);
  });

  it('never shows more than three characters, nor how many there are', () => {
    const kinds: readonly SellerKind[] = ['COMPANY', 'INDIVIDUAL_BUSINESS', 'NATURAL_PERSON'];
    fc.assert(
      fc.property(
        fc.constantFrom(...kinds),
        fc.string({ minLength: 1, unit: 'grapheme' }),
        (kind, name) => {
          const shown = [...maskedName(kind, name).replace('***', '')];
          expect(shown.length).toBeLessThanOrEqual(kind === 'NATURAL_PERSON' ? 1 : 3);
          expect(shown.length).toBeLessThan([...name].length);
        },
      ),
      { seed: 42 },
    );
  });
});

it('names the fault of an identity number and never the number', () => {
  const body = '11010119900101001';
  const number = `${body}${citizenCheckCharacter(body) === '0' ? '1' : '0'}`;
  try {
    requireIdentity('NATURAL_PERSON', number);
    expect.unreachable();
  } catch (error) {
    expect(error).toMatchObject({
      reason: 'FIELD_INVALID',
      violations: [{ field: 'identity_number', reason: 'identity_number.check_character' }],
    });
    expect(JSON.stringify(error)).not.toContain(number);
  }
});
