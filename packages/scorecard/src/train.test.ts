import { describe, expect, it } from 'vitest';
import { type Artefact, artefactHash, artefactText } from './artefact.ts';
import { rowsOf, TrainingDataUnfit, type TrainingTable } from './column.ts';
import { ArtefactCorrupt, compile } from './compile.ts';
import { defaultConfig } from './config.ts';
import { crossValidate } from './cross-validate.ts';
import { grades } from './master-scale.ts';
import { seededRandom } from './random.ts';
import { syntheticTable } from './synthetic-table.ts';
import { train } from './train.ts';

const provenance = { featureSetVersion: 'synthetic-1', asOf: '2020-02-21', dataHash: '00' };
const config = { ...defaultConfig, centralTendencyPpm: 30_000n };
const table = syntheticTable(1_500, 42);
const { artefact, report } = train(table, config, provenance);
const scorer = compile(artefact, report.artefactHash);
const vectorOf = (row: number) =>
  Float64Array.from(table.columns, (column) => column[row] as number);

describe('an artefact', () => {
  it('has the same bytes when trained twice, and after save and load', () => {
    const text = artefactText(artefact);
    expect(artefactText(train(table, config, provenance).artefact)).toBe(text);
    expect(artefactText(JSON.parse(text) as Artefact)).toBe(text);
    expect(artefactHash(artefact)).toBe(report.artefactHash);
    expect(compile(text, report.artefactHash).card.scale).toEqual({
      target: 600,
      odds: 50,
      pdo: 20,
      factor: expect.closeTo(28.8539, 4),
      offset: expect.closeTo(487.1229, 4),
    });
  });

  it('has the bytes it has always had: training gives the same on every machine', () => {
    // Changes only together with what training does, and then every champion is trained anew.
    const { report } = train(table, defaultConfig, provenance);
    expect(report.artefactHash).toBe(
      '74f2b4fa7ddd65057e999c66ef6c63fe705e349ac8f907142fb0742e419bdd36',
    );
  });

  it('asks a hundred questions at least, and every bin is among them', () => {
    expect(artefact.testVectors.length).toBeGreaterThanOrEqual(100);
    const seen = new Set<string>();
    for (const { values } of artefact.testVectors) {
      const vector = Float64Array.from(values, (value) => value ?? Number.NaN);
      for (const { featureId, bin } of scorer.score(vector).contributions) {
        seen.add(`${featureId} ${bin}`);
      }
    }
    const all = artefact.card.features.flatMap(({ id, bins }) =>
      bins.map((_, at) => `${id} ${at}`),
    );
    expect(all.filter((name) => !seen.has(name))).toEqual([]);
    const points = artefact.testVectors.map((vector) => vector.points);
    expect([Math.min(...points), Math.max(...points)]).toEqual([
      artefact.card.scoreMin,
      artefact.card.scoreMax,
    ]);
  });

  it('keeps numbers to twelve significant digits', () => {
    const long: number[] = [];
    // Test vectors may hold the middle between two cuts.
    JSON.stringify({ ...artefact, testVectors: [] }, (_, value) => {
      if (typeof value === 'number' && Number(value.toPrecision(12)) !== value) long.push(value);
      return value;
    });
    expect(long).toEqual([]);
  });

  it('counts every row of every feature once', () => {
    for (const { bins } of artefact.card.features) {
      expect(bins.reduce((sum, { goods, bads }) => sum + goods + bads, 0)).toBe(1_500);
    }
  });
});

describe('compile refuses', () => {
  type Path = readonly (string | number)[];
  /** A copy in which the value at `path` is another. */
  const tampered = (path: Path, value: unknown): Artefact => {
    const copy = JSON.parse(artefactText(artefact));
    let at: Record<string | number, unknown> = copy;
    for (const key of path.slice(0, -1)) at = at[key] as Record<string, unknown>;
    at[path.at(-1) as string] =
      typeof value === 'number' ? (at[path.at(-1) as string] as number) + value : value;
    return copy;
  };
  const failures = (copy: Artefact, hash: string): readonly string[] => {
    try {
      compile(copy, hash);
      return [];
    } catch (error) {
      return error instanceof ArtefactCorrupt ? error.failed : [String(error)];
    }
  };
  // A number is added to what stands there.
  const changes: [string, Path, unknown, RegExp][] = [
    ['a point', ['card', 'features', 0, 'bins', 0, 'points'], 1, /POINTS sales 0/],
    ['a PD', ['card', 'pdPpmByScore', 0], -1, /PD_TABLE/],
    ['a vector', ['testVectors', 7, 'points'], 1, /VECTOR 7/],
    ['the base', ['card', 'basePoints'], 1, /BASE_POINTS/],
    ['a cut', ['card', 'features', 0, 'cuts', 0], 200, /VECTOR/],
    ['a reason', ['card', 'features', 0, 'reasonCode'], 'ARREARS_RECENT', /VECTOR/],
    ['a grade bound', ['card', 'masterScale', 3, 'pdPpmMax'], 1, /MASTER_SCALE/],
    ['the schema', ['schemaVersion'], 1, /SCHEMA_VERSION/],
    ['the card', ['card'], null, /SHAPE/],
  ];

  it.each(changes)('%s that was changed, by its hash', (_, path, value) => {
    expect(failures(tampered(path, value), report.artefactHash)).not.toEqual([]);
  });

  it.each(changes)('%s that was changed, even under a hash to match', (_, path, value, names) => {
    const copy = tampered(path, value);
    expect(failures(copy, artefactHash(copy)).join()).toMatch(names);
  });

  it('a limit that was changed, by its hash', () => {
    const copy = tampered(['limitTable', 'salesShareBps', 'A'], '1801');
    expect(failures(copy, report.artefactHash)).toEqual(['HASH']);
  });

  it('text that is no JSON', () => {
    expect(() => compile('{', report.artefactHash)).toThrow(ArtefactCorrupt);
  });
});

describe('a score', () => {
  it('is base plus points, by row and by column alike', () => {
    const points = new Int32Array(1_500);
    scorer.scorePoints(table.columns, points);
    for (let row = 0; row < 1_500; row += 50) {
      const result = scorer.score(vectorOf(row));
      const sum = result.contributions.reduce((total, one) => total + one.points, 0);
      expect(result.basePoints + sum).toBe(result.points);
      expect(points[row]).toBe(result.points);
      expect(result.pdPpm).toBe(BigInt(scorer.pdPpmAt(result.points)));
    }
  });

  it('PD does not rise and the grade is not worse as the score rises', () => {
    const { pdPpmByScore, scoreMin } = artefact.card;
    expect(pdPpmByScore).toEqual(pdPpmByScore.toSorted((a, b) => b - a));
    expect(scorer.pdPpmAt(scoreMin)).toBe(pdPpmByScore[0]);
  });

  it('keeps the promised trend in a sweep', () => {
    const sweep = (position: number, values: readonly number[]) =>
      values.map((value) => scorer.score(vectorOf(0).with(position, value)).points);
    const steps = Array.from({ length: 101 }, (_, at) => at / 100);
    const bySales = sweep(
      0,
      steps.map((x) => 1_000 * x),
    );
    expect(bySales).toEqual(bySales.toSorted((a, b) => a - b));
    const byReturns = sweep(
      1,
      steps.map((x) => x / 5),
    );
    expect(byReturns).toEqual(byReturns.toSorted((a, b) => b - a));
    const byGrowth = sweep(
      2,
      steps.map((x) => 2 * x - 1),
    );
    const top = byGrowth.indexOf(Math.max(...byGrowth));
    expect(byGrowth.slice(0, top)).toEqual(byGrowth.slice(0, top).toSorted((a, b) => a - b));
    expect(byGrowth.slice(top)).toEqual(byGrowth.slice(top).toSorted((a, b) => b - a));
    for (const swept of [bySales, byReturns, byGrowth])
      expect(new Set(swept).size).toBeGreaterThan(2);
  });

  it('tells missing, special, infinite and unseen values apart', () => {
    const result = scorer.score(vectorOf(0).with(0, Infinity).with(1, -1).with(3, 77));
    const kinds = Object.fromEntries(
      result.contributions.map(({ featureId, binKind }) => [featureId, binKind]),
    );
    expect(kinds).toMatchObject({ sales: 'MISSING', returns: 'SPECIAL' });
    expect([result.invalid, result.unseen]).toEqual([['sales'], ['trade']]);
    expect(scorer.score(vectorOf(0).with(3, 9)).unseen).toEqual([]);
  });

  it('gives a neutral special no points, and missing a reason of its own', () => {
    const pointsAt = (value: number) =>
      scorer.score(vectorOf(0).with(1, value)).contributions.find((c) => c.featureId === 'returns');
    expect(pointsAt(-2)).toMatchObject({ points: 0, reasonCode: 'FULFILMENT_LATE' });
    expect(pointsAt(Number.NaN)).toMatchObject({ reasonCode: 'HISTORY_TOO_SHORT' });
  });

  it('refuses a vector of another length', () => {
    expect(() => scorer.score(new Float64Array(4))).toThrow(RangeError);
  });

  it('has one reason at least in grade D', () => {
    let declined = 0;
    for (let row = 0; row < 1_500; row += 1) {
      const { grade, reasons, reasonsToMean } = scorer.score(vectorOf(row));
      if (grade !== 'D' && grade !== 'C3') continue;
      declined += 1;
      expect(Math.min(reasons.length, reasonsToMean.length)).toBeGreaterThanOrEqual(1);
    }
    expect(declined).toBeGreaterThan(0);
  });

  it('has the same points and reasons whatever the order of features', () => {
    const order = [4, 2, 0, 3, 1];
    const turned: TrainingTable = {
      features: order.map((at) => table.features[at] as (typeof table.features)[number]),
      columns: order.map((at) => table.columns[at] as Float64Array),
      bad: table.bad,
    };
    const other = train(turned, config, provenance);
    const turnedScorer = compile(other.artefact, other.report.artefactHash);
    for (let row = 0; row < 1_500; row += 25) {
      const vector = vectorOf(row);
      const again = turnedScorer.score(Float64Array.from(order, (at) => vector[at] as number));
      const { points, reasons, reasonsToMean } = scorer.score(vector);
      expect([again.points, again.reasons, again.reasonsToMean]).toEqual([
        points,
        reasons,
        reasonsToMean,
      ]);
    }
  });
});

describe('training', () => {
  it('shifts the mean PD of the development sample to the central tendency', () => {
    const points = new Int32Array(1_500);
    scorer.scorePoints(table.columns, points);
    const mean = points.reduce((sum, score) => sum + scorer.pdPpmAt(score), 0) / 1_500;
    expect(mean).toBeGreaterThanOrEqual(30_000);
    expect(mean).toBeLessThan(30_001); // Rounding up adds less than 1 ppm.
  });

  it('leaves a constant column out and says why', () => {
    const flat = table.columns.with(4, new Float64Array(1_500).fill(7));
    expect(train({ ...table, columns: flat }, config, provenance).report.leftOut).toEqual([
      { id: 'noise', informationValue: 0, why: 'single value' },
    ]);
  });

  it('is good on rows it never saw, and worth nothing with shuffled labels', () => {
    const good = crossValidate(table, config);
    expect(good.auc).toBeGreaterThan(0.72);
    expect(good.rows).toHaveLength(1_500);
    const random = seededRandom(9);
    const shuffled = Uint8Array.from(table.bad);
    for (let at = shuffled.length - 1; at > 0; at -= 1) {
      const other = random.below(at + 1);
      const kept = shuffled[at] as number;
      shuffled[at] = shuffled[other] as number;
      shuffled[other] = kept;
    }
    const { auc } = crossValidate({ ...table, bad: shuffled }, config);
    expect(Math.abs(auc - 0.5)).toBeLessThan(0.05);
  });

  it('gives each row its grade with and without the shift', () => {
    const { rows } = crossValidate(
      rowsOf(
        table,
        Int32Array.from({ length: 200 }, (_, at) => at),
      ),
      config,
    );
    for (const { pdPpm, samplePdPpm, grade, sampleGrade } of rows) {
      expect(pdPpm).toBeLessThan(samplePdPpm);
      expect(grades.indexOf(grade)).toBeLessThanOrEqual(grades.indexOf(sampleGrade));
    }
  });

  it.each([0n, 1_000_000n])('refuses a central tendency of %d ppm', (centralTendencyPpm) => {
    expect(() => train(table, { ...config, centralTendencyPpm }, provenance)).toThrow(RangeError);
  });

  it('refuses so few bads that an inner fold has none', () => {
    const bad = new Uint8Array(1_500);
    bad[0] = bad[5] = bad[10] = 1;
    expect(() => train({ ...table, bad }, config, provenance)).toThrow(TrainingDataUnfit);
  });

  it.each([
    ['no row is bad', { ...table, bad: new Uint8Array(1_500) }],
    ['no row is good', { ...table, bad: new Uint8Array(1_500).fill(1) }],
    ['features and columns differ in number', { ...table, columns: table.columns.slice(1) }],
    [
      'a feature id repeats',
      { ...table, features: table.features.map((f) => ({ ...f, id: 'x' })) },
    ],
    [
      'reason NOWHERE of sales has no text',
      { ...table, features: table.features.map((f) => ({ ...f, reasonCode: 'NOWHERE' })) },
    ],
  ])('refuses: %s', (why, unfit: TrainingTable) => {
    expect(() => train(unfit, config, provenance)).toThrow(new TrainingDataUnfit(why));
  });
});
