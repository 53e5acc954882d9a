/**
 * `node packages/scorecard/cli/accuracy.ts [set ...]`: cross-validated accuracy of scorecard S on the
 * shared sets, beside the floors of scoring.md 12.1. Same settings for all, some of them chosen on these
 * sets (src/config.ts). Sets that are not there are skipped.
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { crossValidate, defaultConfig, type TrainingTable } from '../src/index.ts';
import { cumcm } from './cumcm.ts';
import {
  german,
  lendingClub,
  polish,
  sbaCase,
  southGerman,
  spanish,
  taiwan,
} from './public-sets.ts';

interface DataSet {
  readonly folder: string;
  readonly load: (dir: string) => TrainingTable;
  readonly aucFloor: number;
  readonly brierCeiling: number;
}

const sets: Readonly<Record<string, DataSet>> = {
  german: { folder: 'german', load: german, aucFloor: 0.783, brierCeiling: 0.168 },
  south_german: {
    folder: 'south_german',
    load: southGerman,
    aucFloor: 0.784,
    brierCeiling: 0.168,
  },
  cumcm2020c: {
    folder: 'cumcm2020c',
    load: (dir) => cumcm(dir, '2020-02-21'),
    aucFloor: 0.84,
    brierCeiling: 0.112,
  },
  'cumcm2020c@2019-02-21': {
    folder: 'cumcm2020c',
    load: (dir) => cumcm(dir, '2019-02-21'),
    aucFloor: 0.84,
    brierCeiling: Infinity,
  },
  sbacase: { folder: 'sbacase', load: sbaCase, aucFloor: 0.795, brierCeiling: 0.169 },
  spanish: { folder: 'spanish', load: spanish, aucFloor: 0.837, brierCeiling: 0.1418 },
  lending_club: {
    folder: 'lending_club',
    load: lendingClub,
    aucFloor: 0.74,
    brierCeiling: 0.0479,
  },
  uci_taiwan: { folder: 'uci_taiwan', load: taiwan, aucFloor: 0.766, brierCeiling: 0.1374 },
  polish_5y: { folder: 'polish_5y', load: polish, aucFloor: 0.908, brierCeiling: 0.0415 },
};

const dir = resolve(
  process.env.SCORING_DATA ?? `${import.meta.dirname}/../../../../shared/data/scoring`,
);
const wanted = process.argv.slice(2);
let missed = 0;
for (const [name, { folder, load, aucFloor, brierCeiling }] of Object.entries(sets)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  if (!existsSync(`${dir}/${folder}`)) {
    console.log(`${name}: skipped, no ${dir}/${folder}`);
    continue;
  }
  const table = load(dir);
  const started = process.hrtime.bigint();
  const found = crossValidate(table, defaultConfig);
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  const passes = found.auc >= aucFloor && found.brier <= brierCeiling;
  if (!passes) missed += 1;
  console.log(
    [
      passes ? 'pass' : 'MISS',
      name.padEnd(22),
      `AUC ${found.auc.toFixed(4)} (floor ${aucFloor}, sd ${found.aucDeviation.toFixed(3)})`,
      `Brier ${found.brier.toFixed(4)} (ceiling ${brierCeiling})`,
      `KS ${found.ks.toFixed(3)}`,
      `ECE ${found.calibrationError.toFixed(3)}`,
      `ridge ${found.lambdas.join(' ')}`,
      `${seconds.toFixed(1)} s`,
    ].join('  '),
  );
}
process.exitCode = missed > 0 ? 1 : 0;
