import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firthMaximum, withMeanPd } from './firth.ts';
import { fitLogistic, type LogisticFit, marginsOf, sigmoid } from './logistic.ts';
import { endometrial } from './published-data.ts';
import { seededRandom } from './random.ts';

type Columns = readonly Float64Array[];

/** l(beta) + ln|X'WX| / 2 from the definition; the determinant by elimination. Apart from the code under test. */
function penalised(columns: Columns, bad: Uint8Array, beta: readonly number[]): number {
  const x = Array.from(bad, (_, row) => [1, ...columns.map((column) => column[row] as number)]);
  const information = beta.map(() => beta.map(() => 0));
  let value = 0;
  for (const [row, values] of x.entries()) {
    const z = values.reduce((sum, v, at) => sum + v * (beta[at] as number), 0);
    const p = 1 / (1 + Math.exp(-z));
    value += Math.log(bad[row] === 1 ? p : 1 - p);
    for (const [a, line] of information.entries()) {
      for (const b of line.keys()) {
        line[b] = (line[b] as number) + p * (1 - p) * (values[a] as number) * (values[b] as number);
      }
    }
  }
  for (let pivot = 0; pivot < beta.length; pivot += 1) {
    const top = information[pivot] as number[];
    value += Math.log(top[pivot] as number) / 2;
    for (const line of information.slice(pivot + 1)) {
      const factor = (line[pivot] as number) / (top[pivot] as number);
      for (const at of line.keys()) line[at] = (line[at] as number) - factor * (top[at] as number);
    }
  }
  return value;
}

/** The maximum in the cone by trying ever shorter steps along each axis: slow, and no formula to share. */
function climbed(columns: Columns, bad: Uint8Array): number[] {
  let best = [0, ...columns.map(() => -0.1)];
  let value = penalised(columns, bad, best);
  for (let step = 1; step > 1e-8; ) {
    let isBetter = false;
    for (const at of best.keys()) {
      for (const move of [step, -step]) {
        const tried = best.with(at, (best[at] as number) + move);
        if (at > 0 && (tried[at] as number) > 0) tried[at] = 0;
        const found = penalised(columns, bad, tried);
        if (found <= value) continue;
        [best, value, isBetter] = [tried, found, true];
      }
    }
    if (!isBetter) step /= 2;
  }
  return best;
}

const betaOf = ({ intercept, coefficients }: LogisticFit): number[] => [intercept, ...coefficients];

describe("Firth's maximum", () => {
  it('is the published one for endometrial cancer, where likelihood alone has none', () => {
    const fit = firthMaximum(endometrial.columns, endometrial.bad) as LogisticFit;
    // R logistf; NV has its sign turned.
    const published = [3.77455951, -2.9292733, -0.03475175, -2.60416387];
    for (const [at, beta] of betaOf(fit).entries()) expect(beta).toBeCloseTo(published[at] ?? 0, 6);
    expect(2 * fit.loss).toBeCloseTo(48.0745, 4); // R brglm, penalised deviance.
    expect(fit.residual).toBeLessThan(1e-7);
  });

  it('is the closed form of a table of two by two: half a row is added to each cell', () => {
    // Rows with x = -1: 7 bad of 10; with x = 0: 3 bad of 12.
    const x = Float64Array.from({ length: 22 }, (_, row) => (row < 10 ? -1 : 0));
    const bad = Uint8Array.from({ length: 22 }, (_, row) => (row < 7 || row >= 19 ? 1 : 0));
    const fit = firthMaximum([x], bad) as LogisticFit;
    expect(fit.intercept).toBeCloseTo(Math.log(3.5 / 9.5), 8);
    expect(fit.coefficients[0]).toBeCloseTo(Math.log(3.5 / 9.5) - Math.log(7.5 / 3.5), 8);
  });

  it('is where climbing from the definition ends, in the cone and on its bound', () => {
    const random = seededRandom(11);
    let onBound = 0;
    for (let turn = 0; turn < 6; turn += 1) {
      const columns = [0, 1].map(() => Float64Array.from({ length: 25 }, () => random.unit()));
      const bad = Uint8Array.from({ length: 25 }, (_, row) =>
        random.unit() < sigmoid(1 - 3 * (columns[0]?.[row] as number)) ? 1 : 0,
      );
      const fit = firthMaximum(columns, bad) as LogisticFit;
      for (const [at, beta] of climbed(columns, bad).entries()) {
        expect(betaOf(fit)[at]).toBeCloseTo(beta, 5);
      }
      expect(-fit.loss).toBeCloseTo(penalised(columns, bad, betaOf(fit)), 9);
      if (fit.coefficients.includes(0)) onBound += 1;
    }
    expect(onBound).toBeGreaterThan(0);
    expect(onBound).toBeLessThan(6);
  });

  it('is finite however the classes separate', () => {
    const tenths = fc.integer({ min: -30, max: 30 }).map((x) => x / 10);
    const rows = fc.array(fc.tuple(tenths, tenths), { minLength: 8, maxLength: 40 });
    fc.assert(
      fc.property(rows, tenths, (values, edge) => {
        const columns = [0, 1].map((at) => Float64Array.from(values, (row) => row[at] as number));
        const bad = Uint8Array.from(columns[0] as Float64Array, (x) => (x < edge ? 1 : 0));
        const fit = firthMaximum(columns, bad);
        if (fit === undefined) return; // A column of one value.
        expect(fit.residual).toBeLessThan(1e-6);
        for (const beta of betaOf(fit)) expect(Math.abs(beta)).toBeLessThan(200);
      }),
      { seed: 42, numRuns: 300 },
    );
  });

  it('has no answer where a column is a combination of others', () => {
    const { columns, bad } = endometrial;
    const [first, second] = columns as [Float64Array, Float64Array];
    const sum = first.map((x, row) => x + 2 * (second[row] as number) - 3);
    expect(firthMaximum([first, second, sum], bad)).toBeUndefined();
  });

  it('goes to that of the likelihood as rows grow', () => {
    const { columns, bad } = endometrial;
    const often = 200;
    const many = columns
      .slice(1)
      .map((column) =>
        Float64Array.from(
          { length: column.length * often },
          (_, row) => column[row % column.length] as number,
        ),
      );
    const labels = Uint8Array.from(
      { length: bad.length * often },
      (_, row) => bad[row % bad.length] as number,
    );
    const likelihood = fitLogistic(many, labels, 1e-9);
    const fit = firthMaximum(many, labels) as LogisticFit;
    for (const [at, beta] of betaOf(fit).entries()) {
      expect(beta).toBeCloseTo(betaOf(likelihood)[at] as number, 2);
    }
  });
});

describe('the corrected intercept', () => {
  it('gives the bad rate as mean PD and keeps the coefficients', () => {
    const { columns, bad } = endometrial;
    const meanPd = (fit: LogisticFit) =>
      marginsOf(columns, bad.length, fit).reduce((sum, z) => sum + sigmoid(z), 0) / bad.length;
    const fit = firthMaximum(columns, bad) as LogisticFit;
    const corrected = withMeanPd(columns, bad, fit);
    expect(meanPd(corrected)).toBeCloseTo(30 / 79, 12);
    expect(meanPd(fit)).not.toBeCloseTo(30 / 79, 4);
    expect(corrected.coefficients).toEqual(fit.coefficients);
  });
});
