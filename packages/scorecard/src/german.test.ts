/** The one accuracy figure that ordinary tests carry. Skipped, with this line, where the data are not there. */
import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { german } from '../cli/public-sets.ts';
import { defaultConfig } from './config.ts';
import { crossValidate } from './cross-validate.ts';

const dir = process.env.SCORING_DATA ?? `${import.meta.dirname}/../../../../shared/data/scoring`;
const present = existsSync(`${dir}/german/german.data`);
if (!present) console.warn(`german: skipped, no ${dir}/german/german.data`);

it.skipIf(!present)('S reaches AUC .783 and Brier .168 on german, cross-validated', () => {
  const { auc, brier } = crossValidate(german(dir), defaultConfig);
  expect(auc).toBeGreaterThanOrEqual(0.783);
  expect(brier).toBeLessThanOrEqual(0.168);
});
