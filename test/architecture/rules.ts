/** All the rules that keep this repository's shape. Each is a sentence a reviewer would otherwise repeat. */
import { dependencyRules } from './dependencies.ts';
import { layerRules } from './layers.ts';
import { layoutRules } from './layout.ts';
import type { Rule } from './rule.ts';
import { sourceRules } from './sources.ts';
import { storageAndContractRules } from './storage-and-contract.ts';
import { testRules } from './testing.ts';

export const rules: readonly Rule[] = [
  ...layoutRules,
  ...dependencyRules,
  ...layerRules,
  ...sourceRules,
  ...storageAndContractRules,
  ...testRules,
];
