import { describe, expect, it } from 'vitest';
import { idOf, isResourceId, liesUnder, namePattern, parentOf } from './resource-name.ts';

describe('a resource id', () => {
  it.each(['a', '0', 'a-', 'loan-2026-01', 'x'.repeat(63)])('may be %s', (text) => {
    expect(isResourceId(text)).toBe(true);
  });

  it.each(['', '-a', 'A', 'a_b', 'a.b', 'a/b', 'a\n', 'é', 'x'.repeat(64)])(
    'may not be "%s"',
    (text) => {
      expect(isResourceId(text)).toBe(false);
    },
  );
});

describe('a name pattern', () => {
  const sellers = namePattern('platforms/*/sellers/*');

  it('takes a whole name of its shape', () => {
    expect(sellers.test('platforms/p/sellers/s-1')).toBe(true);
  });

  it.each([
    'platforms/p',
    'platforms/p/sellers/',
    'platforms/p/sellers/s/x/y',
    'x/platforms/p/sellers/s',
  ])('does not take %s', (name) => {
    expect(sellers.test(name)).toBe(false);
  });
});

it('takes a name apart', () => {
  expect(parentOf('platforms/p/sellers/s')).toBe('platforms/p');
  expect(parentOf('platforms/p')).toBe('');
  expect(idOf('platforms/p/sellers/s')).toBe('s');
});

it.each([
  ['platforms/p', 'platforms/p', true],
  ['platforms/p/sellers/s', 'platforms/p', true],
  ['platforms/p2', 'platforms/p', false],
  ['platforms/p', 'platforms/p/sellers/s', false],
])('%s lies under %s: %s', (name, owner, expected) => {
  expect(liesUnder(name, owner)).toBe(expected);
});
