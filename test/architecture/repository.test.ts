import { join } from 'node:path';
import { expect, it } from 'vitest';
import { rules } from './rules.ts';
import { readTree } from './tree.ts';

const repository = readTree(join(import.meta.dirname, '../..'));

it.each(rules)('$says', ({ breaches }) => {
  expect(breaches(repository)).toEqual([]);
});
