import { describe, expect, it } from 'vitest';
import { type Artefact, artefactHash, artefactText } from './artefact.ts';
import { rowsOf, TrainingDataUnfit, type TrainingTable } from './column.ts';
import { compile } from './compile.ts';
import { defaultConfig } from './config.ts';
import { crossValidate } from './cross-validate.ts';
import { grades } from './master-scale.ts';
import { seededRandom } from './random.ts';
import { artefact, config, provenance, report, scorer, table, vectorOf } from './synthetic-card.ts';
import { train } from './train.ts';

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

  it('finds every training row in the bin that counted it, special and missing ones too', () => {
    const counted = artefact.card.features.map(({ bins }) =>
      bins.map(() => ({ goods: 0, bads: 0 })),
    );
    for (let row = 0; row < 1_500; row += 1) {
      const { contributions } = scorer.score(vectorOf(row));
      for (const [at, { bin }] of contributions.entries()) {
        const count = counted[at]?.[bin] as { goods: number; bads: number };
        count[table.bad[row] === 1 ? 'bads' : 'goods'] += 1;
      }
    }
    expect(counted).toEqual(
      artefact.card.features.map(({ bins }) => bins.map(({ goods, bads }) => ({ goods, bads }))),
    );
  });

  it('has one missing bin a feature and one bin a special code, and none of them is another', () => {
    for (const { bins, specials, position } of artefact.card.features) {
      const kinds = bins.map(({ kind }) => kind);
      expect(kinds.filter((kind) => kind === 'MISSING')).toHaveLength(1);
      expect(kinds.filter((kind) => kind === 'SPECIAL')).toHaveLength(specials.length);
      const kindAt = (value: number) =>
        scorer
          .score(vectorOf(0).with(position, value))
          .contributions.find(({ featureId }) => featureId === artefact.card.featureIds[position])
          ?.binKind;
      expect(kindAt(Number.NaN)).toBe('MISSING');
      for (const code of specials) expect(kindAt(code)).toBe('SPECIAL');
      for (const value of [-1e300, -0.5, 0, 0.5, 3, 777, 1e300]) {
        expect(['REGULAR', 'OTHER']).toContain(kindAt(value));
      }
    }
  });

  it('gives a safer bin at least as many points, and regular bins the promised trend', () => {
    const falls = (values: readonly number[]) => values.toSorted((a, b) => b - a);
    for (const { bins, trend } of artefact.card.features) {
      const byWeight = bins.toSorted((a, b) => b.weight - a.weight).map(({ points }) => points);
      expect(byWeight).toEqual(falls(byWeight));
      const regular = bins.filter(({ kind }) => kind === 'REGULAR').map(({ points }) => points);
      if (trend === 'ascending') expect(regular).toEqual(falls(regular));
      if (trend === 'descending') expect(regular.toReversed()).toEqual(falls(regular));
    }
  });

  it('says of each feature which trend was chosen and what each other would be worth', () => {
    for (const { id, chosen, worths } of report.trends) {
      if (id === 'trade') continue; // A category has no trend.
      expect(Object.keys(worths)).toContain(chosen);
      const best = Math.max(...Object.values(worths));
      expect(worths.none).toBe(best);
    }
    expect(report.trends.map(({ id }) => id)).toEqual(artefact.card.features.map(({ id }) => id));
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

  it('leaves a column that parts the classes out and says so', () => {
    const parting = Float64Array.from(table.bad, (label, row) => 10 * label + (row % 7));
    const { report: found } = train(
      { ...table, columns: table.columns.with(4, parting) },
      config,
      provenance,
    );
    expect(found.leftOut).toMatchObject([{ id: 'noise', why: expect.stringMatching(/a leak/) }]);
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
