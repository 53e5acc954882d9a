import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Answers, answersFor, type ValueRow } from './batch.ts';
import { compile } from './compile.ts';
import { defaultConfig } from './config.ts';
import { noReason } from './reason.ts';
import { syntheticFeatures, syntheticTable } from './synthetic-table.ts';
import { train } from './train.ts';

const provenance = { featureSetVersion: 'synthetic-1', asOf: '2020-02-21', dataHash: '00' };
const table = syntheticTable(1_500, 42);
const { artefact, report } = train(table, defaultConfig, provenance);
const scorer = compile(artefact, report.artefactHash);
const ids = syntheticFeatures.map(({ id }) => id);

/** What the row has in the arrays, in the words of a single score. */
const rowOf = ({ points, pdPpm, reasons, pointsLost, invalid }: Answers, row: number) => ({
  points: points[row],
  pdPpm: BigInt(pdPpm[row] as number),
  reasons: Array.from(reasons.subarray(4 * row, 4 * row + 4))
    .map((code, at): [string, number] => [
      scorer.reasonCodes[code] ?? '',
      pointsLost[4 * row + at] as number,
    ])
    .filter(([code]) => code !== ''),
  invalid: invalid[row],
});

const alone = (values: readonly number[]) => {
  const { points, pdPpm, reasons, invalid } = scorer.score(Float64Array.from(values));
  return {
    points,
    pdPpm,
    reasons: reasons.map(({ code, pointsLost }): [string, number] => [code, pointsLost]),
    invalid: invalid.length,
  };
};

const columnsOf = (rows: readonly (readonly number[])[]) =>
  ids.map((_, at) => Float64Array.from(rows, (row) => row[at] as number));

const objectOf = (row: readonly number[]): ValueRow =>
  Object.fromEntries(ids.map((id, at) => [id, row[at]]));

const value = fc.oneof(
  fc.constantFrom(Number.NaN, Infinity, -Infinity, -0, 0, -1, -2, 9, 77),
  fc.double({ min: -2, max: 2, noNaN: true }),
  fc.double({ min: 0, max: 1_000, noNaN: true }),
  fc.integer({ min: 0, max: 9 }),
);
const rows = fc.array(fc.array(value, { minLength: 5, maxLength: 5 }), { maxLength: 30 });

describe('a batch', () => {
  it('answers by column and by object what each row has alone', () => {
    fc.assert(
      fc.property(rows, (values) => {
        const wanted = values.map(alone);
        const byColumn = answersFor(values.length);
        scorer.scoreColumns(columnsOf(values), byColumn);
        expect(values.map((_, row) => rowOf(byColumn, row))).toEqual(wanted);
        const byObject = answersFor(values.length);
        scorer.scoreObjects(values.map(objectOf), byObject);
        expect(byObject).toEqual(byColumn);
        const points = new Int32Array(values.length);
        scorer.scorePoints(columnsOf(values), points);
        expect(points).toEqual(byColumn.points);
      }),
      { seed: 42 },
    );
  });

  it('of more rows than a block, scored twice into the same arrays, is the same', () => {
    const answers = answersFor(1_500);
    scorer.scoreColumns(table.columns, answers);
    for (const row of [0, 511, 512, 1_023, 1_024, 1_499]) {
      expect(rowOf(answers, row)).toEqual(
        alone(table.columns.map((column) => column[row] as number)),
      );
    }
    const once = structuredClone(answers);
    scorer.scoreColumns(table.columns, answers);
    expect(answers).toEqual(once);
  });

  it('of no rows has no answer', () => {
    scorer.scoreColumns(
      ids.map(() => new Float64Array(0)),
      answersFor(0),
    );
    scorer.scoreObjects([], answersFor(0));
    scorer.scorePoints(
      ids.map(() => new Float64Array(0)),
      new Int32Array(0),
    );
  });

  it('never reads a string as a number: it is invalid, null and what is not there are missing', () => {
    const answers = answersFor(6);
    const of = (sales: unknown): ValueRow => ({ ...objectOf([500, 0.1, 0, 1, 5]), sales });
    const { sales: _, ...without } = of(0);
    scorer.scoreObjects([of('500'), of(500n), of(true), of(null), of(undefined), without], answers);
    expect([...answers.invalid]).toEqual([1, 1, 1, 0, 0, 0]);
    const missing = alone([Number.NaN, 0.1, 0, 1, 5]);
    for (let row = 0; row < 6; row += 1) {
      expect(rowOf(answers, row)).toMatchObject({ ...missing, invalid: answers.invalid[row] });
    }
  });

  it('has no reason where nothing is lost', () => {
    const best = artefact.testVectors.find(({ reasons }) => reasons.length === 0);
    const answers = answersFor(1);
    scorer.scoreColumns(
      (best?.values ?? []).map((x) => Float64Array.of(x ?? Number.NaN)),
      answers,
    );
    expect([...answers.reasons, ...answers.pointsLost]).toEqual([
      ...Array(4).fill(noReason),
      ...Array(4).fill(0),
    ]);
  });

  it.each([
    ['columns too few', () => scorer.scoreColumns(table.columns.slice(1), answersFor(1_500))],
    ['another length', () => scorer.scoreColumns(table.columns, answersFor(1_499))],
    ['points too few', () => scorer.scorePoints(table.columns, new Int32Array(1_499))],
    ['room for two', () => scorer.scoreObjects([{}], answersFor(2))],
  ])('is refused: %s', (_, act) => {
    expect(act).toThrow(RangeError);
  });
});
