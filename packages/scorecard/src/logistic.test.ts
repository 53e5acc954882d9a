import { describe, expect, it } from 'vitest';
import { fitLogistic, marginsOf, sigmoid } from './logistic.ts';
import { seededRandom } from './random.ts';

function sample(rows: number, seed: number) {
  const random = seededRandom(seed);
  const draw = () => Float64Array.from({ length: rows }, () => 2 * random.unit() - 1);
  const columns = [draw(), draw(), draw(), draw()];
  // The third pulls the wrong way, so the cone must hold it at 0.
  const effects = [-2, -0.5, 1.5, 0];
  const bad = Uint8Array.from({ length: rows }, (_, row) => {
    const z = effects.reduce((sum, b, at) => sum + b * (columns[at]?.[row] as number), -1);
    return random.unit() < sigmoid(z) ? 1 : 0;
  });
  return { columns, bad };
}

/** Of the penalised log-likelihood, each coordinate; written apart from the code under test. */
function gradients({ columns, bad }: ReturnType<typeof sample>, lambda: number) {
  const fit = fitLogistic(columns, bad, lambda);
  const margins = marginsOf(columns, bad.length, fit);
  const errors = Array.from(margins, (z, row) => (bad[row] as number) - 1 / (1 + Math.exp(-z)));
  const slope = (column: ArrayLike<number>) =>
    errors.reduce((sum, error, row) => sum + error * (column[row] as number), 0);
  return {
    fit,
    intercept: slope(new Float64Array(bad.length).fill(1)),
    others: columns.map((column, at) => slope(column) - lambda * (fit.coefficients[at] as number)),
  };
}

describe('logistic in the cone', () => {
  it('meets the conditions for a maximum to 1e-7', () => {
    for (const [seed, lambda] of [
      [1, 0.5],
      [2, 8],
      [3, 200],
    ] as const) {
      const { fit, intercept, others } = gradients(sample(500, seed), lambda);
      expect(Math.abs(intercept)).toBeLessThan(1e-7);
      for (const [at, slope] of others.entries()) {
        const coefficient = fit.coefficients[at] as number;
        expect(coefficient).toBeLessThanOrEqual(0);
        // On the bound the likelihood may still rise beyond it, never fall.
        if (coefficient === 0) expect(slope).toBeGreaterThanOrEqual(0);
        else expect(Math.abs(slope)).toBeLessThan(1e-7);
      }
    }
  });

  it('holds a coefficient of the wrong sign at exactly 0', () => {
    const { coefficients } = gradients(sample(500, 1), 1).fit;
    expect(coefficients[2]).toBe(0);
    expect(coefficients[0]).toBeLessThan(-1);
  });

  it('has a smaller norm the larger lambda', () => {
    const { columns, bad } = sample(300, 4);
    const norms = [0.5, 2, 8, 32, 200].map((lambda) =>
      fitLogistic(columns, bad, lambda).coefficients.reduce((sum, b) => sum + b * b, 0),
    );
    expect(norms).toEqual(norms.toSorted((a, b) => b - a));
    expect(new Set(norms).size).toBe(norms.length);
  });

  it('is finite under perfect separation, and refuses it without a ridge', () => {
    const column = Float64Array.from({ length: 40 }, (_, row) => row - 20);
    const bad = Uint8Array.from(column, (x) => (x < 0 ? 1 : 0));
    expect(fitLogistic([column], bad, 0.5).coefficients[0]).toBeGreaterThan(-20);
    expect(() => fitLogistic([column], bad, 0)).toThrow(RangeError);
  });

  it('without columns gives the log-odds of the sample', () => {
    const bad = Uint8Array.from({ length: 100 }, (_, row) => (row < 20 ? 1 : 0));
    expect(fitLogistic([], bad, 1).intercept).toBeCloseTo(Math.log(20 / 80), 9);
  });
});
