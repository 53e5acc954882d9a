/**
 * `pnpm bench:scorecard`: how fast scorecard S bins, trains and scores, beside the floors of scoring.md
 * 12.2 and a baseline measured in the same run. The best of some short runs each, on one core, since the
 * machine may be shared. The yardstick says what the machine is worth: the time to sort 307,511 numbers.
 */
import { existsSync } from 'node:fs';
import { availableParallelism, cpus, release, totalmem } from 'node:os';
import { resolve } from 'node:path';
import { polish } from '../../packages/scorecard/cli/public-sets.ts';
import { binFeature, trendWorths } from '../../packages/scorecard/src/binning.ts';
import {
  type Answers,
  answersFor,
  compile,
  defaultConfig,
  type FeatureDefinition,
  type Scorer,
  seededRandom,
  type TrainingTable,
  train,
  type ValueRow,
} from '../../packages/scorecard/src/index.ts';
import { fitLogistic } from '../../packages/scorecard/src/logistic.ts';
import { optimalBins } from '../../packages/scorecard/src/optimal-bin.ts';
import { allTrends } from '../../packages/scorecard/src/trend.ts';
import { nowMs } from './clock.ts';
import { readPlainly } from './plain-card.ts';

const columnRows = 307_511;
const scoredRows = 50_000;
const provenance = { featureSetVersion: 'made-up', asOf: '2020-02-21', dataHash: '00' };
const random = seededRandom(20_200_221);

/** Milliseconds of the quickest of some runs. */
function best(runs: number, work: () => void): number {
  let least = Infinity;
  for (let run = 0; run < runs; run += 1) {
    const begun = nowMs();
    work();
    least = Math.min(least, nowMs() - begun);
  }
  return least;
}

const print = (...cells: readonly string[]) => console.log(`| ${cells.join(' | ')} |`);
const ms = (value: number) => `${value < 10 ? value.toFixed(2) : value.toFixed(0)} ms`;
const times = (value: number) => `${value < 10 ? value.toFixed(2) : value.toFixed(0)} x`;
const verdict = (holds: boolean) => (holds ? '' : ' (missed)');

const [cpu] = cpus();
console.log(
  `${availableParallelism()} cores of ${cpu?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, ` +
    `Linux ${release()}; Node ${process.version}; one core used`,
);
const column = Float64Array.from({ length: columnRows }, () => random.unit());
const yardstickMs = best(7, () => {
  column.slice().sort();
});
console.log(`yardstick: ${columnRows} numbers sorted in ${ms(yardstickMs)}\n`);
print('what', 'time', 'floor', 'times the yardstick');
print('---', '---', '---', '---');
timed('bin a column of 307,511 rows, all trends', binColumn(), 4 * yardstickMs);
for (const trend of allTrends) timed(`the programme, n = 50, K = 8, ${trend}`, solve(trend), 3);
timed('logistic regression, 150,000 rows x 15', regress(), 1_000);
const trainedMs = trainPolish();
if (trainedMs !== undefined) timed('train on polish_5y, with report', trainedMs, 3_000);

const scorer = madeUpCard();
console.log(
  `\na card of ${scorer.card.features.length} features x 8 bins and missing, ` +
    `${scorer.reasonCodes.length} reason codes\n`,
);
scoreAll(scorer);

function timed(what: string, tookMs: number, floorMs: number): void {
  const ratio = times(tookMs / yardstickMs);
  print(what, ms(tookMs), `${ms(floorMs)}${verdict(tookMs <= floorMs)}`, ratio);
}

function binColumn(): number {
  const bad = Uint8Array.from(column, (x) => (random.unit() < 0.04 + 0.08 * x * x ? 1 : 0));
  const definition = { id: 'x', trend: 'auto', specials: [], reasonCode: 'QUALITY_WEAK' } as const;
  return best(5, () => {
    trendWorths(binFeature(definition, column, bad, defaultConfig.binning));
  });
}

function solve(trend: (typeof allTrends)[number]): number {
  const goods = Float64Array.from({ length: 50 }, () => 1_000 + random.below(1_000));
  const bads = Float64Array.from(goods, (_, at) => 50 + at + random.below(50));
  const limits = {
    ...{ binsMax: 8, rowsMin: 100, goodsMin: 3, badsMin: 3, penalty: 1e-4 },
    goodsTotal: goods.reduce((sum, count) => sum + count, 0),
    badsTotal: bads.reduce((sum, count) => sum + count, 0),
  };
  return best(30, () => {
    optimalBins({ goods, bads }, limits, trend);
  });
}

function regress(): number {
  const columns = Array.from({ length: 15 }, () =>
    Float64Array.from({ length: 150_000 }, () => 2 * random.unit() - 1),
  );
  const bad = Uint8Array.from(columns[0] as Float64Array, (x) =>
    random.unit() < 1 / (1 + Math.exp(2 + 2 * x)) ? 1 : 0,
  );
  return best(3, () => {
    fitLogistic(columns, bad, 1);
  });
}

function trainPolish(): number | undefined {
  const dir = resolve(
    process.env.SCORING_DATA ?? `${import.meta.dirname}/../../../shared/data/scoring`,
  );
  if (!existsSync(`${dir}/polish_5y`)) {
    console.log(`train on polish_5y: skipped, no ${dir}/polish_5y`);
    return undefined;
  }
  const table = polish(dir);
  return best(3, () => {
    train(table, defaultConfig, provenance);
  });
}

/** Trained on made-up rows: no penalty a bin, so each feature has as many bins as it may. */
function madeUpCard(): Scorer {
  const codes = defaultConfig.reasonTexts.map(({ code }) => code);
  const features = Array.from({ length: 20 }, (_, at): FeatureDefinition => {
    const reasonCode = codes[at % codes.length] as string;
    return { id: `feature_${at}`, trend: 'descending', specials: [], reasonCode };
  });
  const columns = valuesOf(features.length, 20_000);
  const bad = Uint8Array.from({ length: 20_000 }, (_, row) => {
    const z = columns.reduce((sum, values) => sum + 0.5 - ((values[row] as number) || 0.5), -1);
    return random.unit() < 1 / (1 + Math.exp(-1.5 * z)) ? 1 : 0;
  });
  const table: TrainingTable = { features, columns, bad };
  const config = {
    ...defaultConfig,
    binning: { ...defaultConfig.binning, penaltyBads: 0 },
    lambdas: [1],
  };
  const { artefact, report } = train(table, config, provenance);
  const binCounts = artefact.card.features.map(({ cuts }) => cuts.length + 1);
  if (binCounts.length !== 20 || binCounts.some((count) => count !== 8)) {
    throw new Error(`a card of 20 features x 8 bins was meant, not ${binCounts.join(', ')}`);
  }
  return compile(artefact, report.artefactHash);
}

/** Between 0 and 1, a twentieth missing. */
function valuesOf(count: number, rows: number): Float64Array[] {
  return Array.from({ length: count }, () =>
    Float64Array.from({ length: rows }, () =>
      random.below(20) === 0 ? Number.NaN : random.unit(),
    ),
  );
}

function scoreAll(scorer: Scorer): void {
  const { card } = scorer;
  const columns = valuesOf(card.featureIds.length, scoredRows);
  const vectors = Array.from({ length: scoredRows }, (_, row) =>
    Float64Array.from(columns, (values) => values[row] as number),
  );
  const objects = vectors.map(
    (vector): ValueRow => Object.fromEntries(card.featureIds.map((id, at) => [id, vector[at]])),
  );
  const points = new Int32Array(scoredRows);
  const answers = answersFor(scoredRows);
  const plain = answersFor(scoredRows);
  const plainMs = best(3, () => readPlainly(card, scorer.reasonCodes, vectors, plain));
  print('score', 'rows a second', 'floor', 'times the plain reading of the card');
  print('---', '---', '---', '---');
  const line = (what: string, tookMs: number, floor?: number) => {
    const perSecond = (1_000 * scoredRows) / tookMs;
    const wanted = floor === undefined ? '' : `${floor} M${verdict(perSecond >= floor * 1e6)}`;
    print(what, `${(perSecond / 1e6).toFixed(2)} M`, wanted, times(plainMs / tookMs));
  };
  line('plain reading: a search through the JSON for each value, PD and four reasons', plainMs);
  line(
    'one row at a time, every contribution and both kinds of reasons',
    best(5, () => {
      for (const vector of vectors) scorer.score(vector);
    }),
  );
  line(
    'columns, points alone',
    best(9, () => scorer.scorePoints(columns, points)),
    1.5,
  );
  line(
    'columns, with PD and four reasons',
    best(9, () => scorer.scoreColumns(columns, answers)),
    1,
  );
  requireSame(answers, plain);
  line(
    'objects, with PD and four reasons',
    best(9, () => scorer.scoreObjects(objects, answers)),
    0.7,
  );
  requireSame(answers, plain);
  const millionMs = best(3, () => {
    for (let done = 0; done < 1_000_000; done += scoredRows) scorer.scoreColumns(columns, answers);
  });
  console.log(
    `\na million sellers in process, with PD and four reasons: ${ms(millionMs)}, ` +
      `floor ${ms(2_000)}${verdict(millionMs <= 2_000)}`,
  );
}

/** A quick answer that is another one is worth nothing. */
function requireSame(a: Answers, b: Answers): void {
  for (const key of ['points', 'pdPpm', 'reasons', 'pointsLost'] as const) {
    if (a[key].some((value, at) => value !== b[key][at])) throw new Error(`${key} differ`);
  }
}
