import { describe, expect, it } from 'vitest';
import { type CoefficientTest, firthTests, ridgeTests } from './coefficient-test.ts';
import { firthMaximum } from './firth.ts';
import { fitLogistic, type LogisticFit } from './logistic.ts';
import { endometrial, vasoConstriction } from './published-data.ts';
import { seededRandom } from './random.ts';

/** As good as none: the published regressions have no ridge. */
const noRidge = 1e-9;

const figures = (test: CoefficientTest | undefined) => {
  if (test === undefined || test.isOnBound) throw new Error('on its bound');
  const { coefficient, standardError, wald, likelihoodRatio } = test;
  return { coefficient, standardError, wald: wald.statistic, p: wald.pValue, likelihoodRatio };
};

describe('tests of a maximum likelihood fit', () => {
  const { columns, bad } = vasoConstriction;
  const fit = fitLogistic(columns, bad, noRidge);
  const { intercept, coefficients, whole } = ridgeTests(columns, bad, noRidge, fit);

  it('are those that SAS prints for vaso-constriction', () => {
    expect(intercept.coefficient).toBeCloseTo(-2.8754, 4);
    expect(intercept.standardError).toBeCloseTo(1.3208, 4);
    const [volume, rate] = coefficients.map(figures);
    expect(volume).toMatchObject({
      coefficient: expect.closeTo(-5.1793, 4),
      standardError: expect.closeTo(1.8648, 4),
      wald: expect.closeTo(7.7136, 4),
      p: expect.closeTo(0.0055, 4),
    });
    expect(rate).toMatchObject({
      coefficient: expect.closeTo(-4.5617, 4),
      standardError: expect.closeTo(1.838, 4),
      wald: expect.closeTo(6.1597, 4),
      p: expect.closeTo(0.0131, 4),
    });
    expect(2 * fit.loss).toBeCloseTo(29.2274, 3);
    expect(whole).toMatchObject({ degrees: 2, statistic: expect.closeTo(24.8125, 4) });
    expect(whole.pValue).toBeLessThan(0.0001);
  });

  it('a likelihood ratio is that of the fit without the column', () => {
    for (const at of [0, 1]) {
      const without = fitLogistic(columns.toSpliced(at, 1), bad, noRidge);
      const { likelihoodRatio } = figures(coefficients[at]);
      expect(likelihoodRatio.statistic).toBeCloseTo(2 * (without.loss - fit.loss), 9);
      expect(likelihoodRatio.degrees).toBe(1);
    }
  });
});

describe('tests of a ridge', () => {
  /** The third column pulls the wrong way, so it stands on its bound. */
  const random = seededRandom(3);
  const rows = 400;
  const columns = [-1.2, -0.4, 1].map(() =>
    Float64Array.from({ length: rows }, () => 2 * random.unit() - 1),
  );
  const bad = Uint8Array.from({ length: rows }, (_, row) => {
    const [a, b, c] = columns.map((column) => column[row] as number) as [number, number, number];
    return random.unit() < 1 / (1 + Math.exp(1 + 1.2 * a + 0.4 * b - c)) ? 1 : 0;
  });
  const testsAt = (lambda: number) =>
    ridgeTests(columns, bad, lambda, fitLogistic(columns, bad, lambda));

  it('give one on its bound neither a standard error nor a test, and the others as without it', () => {
    const { coefficients, whole, intercept } = testsAt(2);
    expect(coefficients[2]).toEqual({ isOnBound: true });
    const two = columns.slice(0, 2);
    const without = ridgeTests(two, bad, 2, fitLogistic(two, bad, 2));
    expect(intercept.standardError).toBeCloseTo(without.intercept.standardError, 9);
    expect(whole).toMatchObject({ degrees: 2 });
    for (const at of [0, 1]) {
      const [here, there] = [figures(coefficients[at]), figures(without.coefficients[at])];
      expect(here.standardError).toBeCloseTo(there.standardError, 9);
      expect(here.likelihoodRatio.statistic).toBeCloseTo(there.likelihoodRatio.statistic, 6);
    }
  });

  it('have a smaller standard error the larger lambda', () => {
    const errors = [0.5, 2, 8, 32, 200].map(
      (lambda) => figures(testsAt(lambda).coefficients[0]).standardError,
    );
    expect(errors).toEqual(errors.toSorted((a, b) => b - a));
    expect(new Set(errors).size).toBe(errors.length);
  });

  it('have the standard error that the estimates of resampled labels spread by', () => {
    const lambda = 20;
    const fit = fitLogistic(columns.slice(0, 2), bad, lambda);
    const tests = ridgeTests(columns.slice(0, 2), bad, lambda, fit);
    const drawn = Array.from({ length: 400 }, () => {
      const labels = Uint8Array.from({ length: rows }, (_, row) => {
        const [a, b] = columns.map((column) => column[row] as number) as [number, number];
        const [first, second] = fit.coefficients as unknown as [number, number];
        const z = fit.intercept + first * a + second * b;
        return random.unit() < 1 / (1 + Math.exp(-z)) ? 1 : 0;
      });
      return fitLogistic(columns.slice(0, 2), labels, lambda).coefficients[0] as number;
    });
    const mean = drawn.reduce((sum, x) => sum + x, 0) / drawn.length;
    const spread = Math.sqrt(
      drawn.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (drawn.length - 1),
    );
    expect(figures(tests.coefficients[0]).standardError / spread).toBeCloseTo(1, 0.9);
  });

  it('stand two columns that are the same, which no ridge would not', () => {
    const twice = [columns[0], columns[0]] as Float64Array[];
    const ridged = ridgeTests(twice, bad, 1, fitLogistic(twice, bad, 1));
    const [one, other] = ridged.coefficients.map(figures);
    expect(one?.standardError).toBeCloseTo(other?.standardError ?? 0, 9);
    const fit = fitLogistic(twice, bad, 1e-12);
    expect(() => ridgeTests(twice, bad, 1e-12, fit)).toThrow(RangeError);
  });

  it('of no column at all have the log-odds of the sample and their error', () => {
    const labels = Uint8Array.from({ length: 100 }, (_, row) => (row < 20 ? 1 : 0));
    const { intercept, whole } = ridgeTests([], labels, 1, fitLogistic([], labels, 1));
    expect(intercept.coefficient).toBeCloseTo(Math.log(20 / 80), 9);
    expect(intercept.standardError).toBeCloseTo(Math.sqrt(1 / 20 + 1 / 80), 9);
    expect(whole).toEqual({ statistic: 0, degrees: 0, pValue: 1 });
  });
});

it("tests of Firth's fit are those published for endometrial cancer", () => {
  const { columns, bad } = endometrial;
  const fit = firthMaximum(columns, bad) as LogisticFit;
  const { intercept, coefficients } = firthTests(columns, bad, fit);
  expect(intercept.standardError).toBeCloseTo(1.48869, 5);
  // Standard errors and Wald's p: brglm2. Ratio: NV matters, though Wald's test does not see it.
  const published = [
    { standardError: 1.55076, p: 0.058902, ratio: 0.0091 },
    { standardError: 0.03958, p: 0.379914, ratio: 0.3875 },
    { standardError: 0.77602, p: 0.000791, ratio: 0.00003 },
  ];
  for (const [at, { standardError, p, ratio }] of published.entries()) {
    const found = figures(coefficients[at]);
    expect(found.standardError).toBeCloseTo(standardError, 5);
    expect(found.p).toBeCloseTo(p, 5);
    expect(found.likelihoodRatio.pValue).toBeCloseTo(ratio, 4);
  }
});
