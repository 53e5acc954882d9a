import { expect, it } from 'vitest';
import type { TrainingTable } from './column.ts';
import { defaultConfig } from './config.ts';
import { sigmoid } from './logistic.ts';
import { seededRandom } from './random.ts';
import { syntheticTable } from './synthetic-table.ts';
import { train } from './train.ts';

const provenance = { featureSetVersion: 'synthetic-1', asOf: '2020-02-21', dataHash: '00' };
const trained = (rows: number, seed: number) =>
  train(syntheticTable(rows, seed), defaultConfig, provenance);
const badsOf = ({ bad }: { readonly bad: Uint8Array }) => bad.reduce((sum, x) => sum + x, 0);

it('tests what ships: every feature of the card, and none that stands on its bound', () => {
  const { artefact, report } = trained(1_500, 42);
  const { features, whole } = report.regression;
  const tested = features.filter(({ isOnBound }) => !isOnBound).map(({ id }) => id);
  expect(tested).toEqual(artefact.card.features.map(({ id }) => id));
  expect(whole).toMatchObject({ degrees: tested.length });
  expect(whole.pValue).toBeLessThan(1e-9);
  const slope = artefact.calibration.slope;
  for (const { id, coefficient } of artefact.card.features) {
    const test = features.find((one) => one.id === id);
    if (test === undefined || test.isOnBound) throw new Error(`${id} is not tested`);
    expect(test.coefficient * slope).toBeCloseTo(coefficient, 9);
    expect(test.standardError).toBeGreaterThan(0);
    if (id === 'noise') continue;
    expect(test.wald.pValue).toBeLessThan(0.01); // The made-up market has real effects.
    expect(test.likelihoodRatio.pValue).toBeLessThan(0.01);
  }
});

it('names what stands on its bound, which the card has left out for that', () => {
  // The echo of sales is safe alone; beside sales it only tells of the debt that it echoes too.
  const random = seededRandom(5);
  const rows = 800;
  const sales = Float64Array.from({ length: rows }, () => random.unit());
  const debt = Float64Array.from({ length: rows }, () => random.unit());
  const table: TrainingTable = {
    features: ['sales', 'echo'].map((id) => ({
      id,
      trend: 'descending',
      specials: [],
      reasonCode: 'SALES_TOO_LOW',
    })),
    columns: [sales, sales.map((x, row) => x + (debt[row] as number) / 2)],
    bad: Uint8Array.from(sales, (x, row) =>
      random.unit() < sigmoid(4 * (debt[row] as number) - 6 * x) ? 1 : 0,
    ),
  };
  const { artefact, report } = train(table, defaultConfig, provenance);
  expect(report.regression.features[1]).toEqual({ id: 'echo', isOnBound: true });
  expect(report.regression.whole).toMatchObject({ degrees: 1 });
  expect(report.leftOut).toMatchObject([{ id: 'echo', why: 'coefficient on its bound' }]);
  expect(artefact.card.features.map(({ id }) => id)).toEqual(['sales']);
});

it("shows what Firth's penalty gives below 100 bads, and from there on does not", () => {
  const edges = { below: 0, above: 0 };
  for (let rows = 230; rows <= 330; rows += 10) {
    const table = syntheticTable(rows, 1);
    const { artefact, report } = train(table, defaultConfig, provenance);
    const few = badsOf(table) < 100;
    edges[few ? 'below' : 'above'] += 1;
    expect(report.firth !== undefined).toBe(few);
    // What ships is the ridge's, whatever Firth's comes to.
    expect(defaultConfig.lambdas).toContain(artefact.lambda);
    if (report.firth === undefined) continue;
    const { heldOut, meanIntercept, intercept, features } = report.firth;
    expect(heldOut.logLoss).toBeGreaterThan(0);
    expect(heldOut.logLoss).toBeLessThan(1);
    expect(Math.abs(meanIntercept - intercept.coefficient)).toBeLessThan(0.5);
    expect(features.map(({ id }) => id)).toEqual(report.regression.features.map(({ id }) => id));
  }
  expect(Math.min(edges.below, edges.above)).toBeGreaterThan(0);
});
