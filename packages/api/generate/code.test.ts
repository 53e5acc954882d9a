import { expect, it } from 'vitest';
import { differences } from './code.ts';
import { policyModule } from './policy.ts';

it('names what is missing, stale and left over, and nothing else', () => {
  const fresh = new Map([
    ['same.ts', '1'],
    ['stale.ts', 'new'],
    ['missing.ts', '1'],
  ]);
  const committed = new Map([
    ['same.ts', '1'],
    ['stale.ts', 'old'],
    ['left.ts', '1'],
  ]);
  expect(differences(fresh, committed)).toEqual(['left.ts', 'missing.ts', 'stale.ts']);
  expect(differences(fresh, fresh)).toEqual([]);
});

it('makes a module of the first policy', () => {
  expect(policyModule('{"termMonthsMax": 12, "a": ["b"]}')).toContain(
    'export const policyZero = {\n  "termMonthsMax": 12,\n  "a": [\n    "b"\n  ]\n} as const;',
  );
});
