/** Also on the shared sets, where they are there. */
import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import * as publicSets from '../cli/public-sets.ts';
import { binFeature } from './binning.ts';
import { chiMerge, describedShortest, pooledViolators } from './classic-binning.ts';
import type { TrainingTable } from './column.ts';
import { defaultConfig } from './config.ts';
import { binningSolver } from './optimal-bin.ts';
import { type BinningLimits, type Counts, segmentWorth } from './segment.ts';
import { syntheticTable } from './synthetic-table.ts';
import { sumBetween } from './trend.ts';

const dir = process.env.SCORING_DATA ?? `${import.meta.dirname}/../../../../shared/data/scoring`;
const sets: Readonly<Record<string, (dir: string) => TrainingTable>> = {
  german: publicSets.german,
  lending_club: publicSets.lendingClub,
  polish_5y: publicSets.polish,
  sbacase: publicSets.sbaCase,
  south_german: publicSets.southGerman,
  spanish: publicSets.spanish,
  uci_taiwan: publicSets.taiwan,
};
const present = Object.keys(sets).filter((name) => existsSync(`${dir}/${name}`));
if (present.length === 0) console.warn(`classic binning: on made-up rows alone, no ${dir}`);

const tables: [string, () => TrainingTable][] = [
  ['made up', () => syntheticTable(4_000, 8)],
  ...present.map((name): [string, () => TrainingTable] => [
    name,
    () => (sets[name] as (dir: string) => TrainingTable)(dir),
  ]),
];

function judged({ goods, bads }: Counts, limits: BinningLimits, starts: readonly number[]) {
  const bins = starts.map((start, at) => {
    const end = starts[at + 1] ?? goods.length;
    return { g: sumBetween(goods, start, end), b: sumBetween(bads, start, end) };
  });
  const steps = bins
    .slice(1)
    .map(
      ({ g, b }, at) =>
        b * ((bins[at]?.g ?? 0) + (bins[at]?.b ?? 0)) - (bins[at]?.b ?? 0) * (g + b),
    );
  return {
    isAdmissible: starts.length >= 2 && starts.length <= limits.binsMax,
    worth: bins.reduce((sum, { g, b }) => sum + segmentWorth(g, b, limits), 0),
    ascends: steps.every((step) => step >= 0),
    descends: steps.every((step) => step <= 0),
  };
}

it.each(tables)('no admissible bins of PAV, ChiMerge or MDLP are worth more: %s', (_, load) => {
  const table = load();
  const admissible = { PAV: 0, ChiMerge: 0, MDLP: 0 };
  for (const [at, definition] of table.features.entries()) {
    if (definition.categorical) continue;
    const column = table.columns[at] as Float64Array;
    const { prebins } = binFeature(definition, column, table.bad, defaultConfig.binning);
    const { counts, limits } = prebins;
    if (counts.goods.length < 2) continue;
    const solve = binningSolver(counts, limits);
    const found: [keyof typeof admissible, readonly number[]][] = [
      ['PAV', pooledViolators(counts, 1, limits)],
      ['PAV', pooledViolators(counts, -1, limits)],
      ['ChiMerge', chiMerge(counts, limits)],
      ['MDLP', describedShortest(counts, limits)],
    ];
    for (const [method, starts] of found) {
      const { isAdmissible, worth, ascends, descends } = judged(counts, limits, starts);
      if (!isAdmissible || worth === -Infinity) continue;
      admissible[method] += 1;
      const beaten = (trend: 'none' | 'ascending' | 'descending') =>
        expect(solve(trend)?.value, `${definition.id}, ${method}, ${trend}`).toBeGreaterThanOrEqual(
          worth - 1e-12,
        );
      beaten('none');
      if (ascends) beaten('ascending');
      if (descends) beaten('descending');
    }
  }
  for (const count of Object.values(admissible)) expect(count).toBeGreaterThan(0);
});
