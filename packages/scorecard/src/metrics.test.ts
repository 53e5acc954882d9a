import { describe, expect, it } from 'vitest';
import { auc, brier, calibrationError, ks, logLoss } from './metrics.ts';
import { seededRandom } from './random.ts';

describe('metrics', () => {
  const bad = Uint8Array.of(0, 0, 1, 1);

  it('auc is the chance of the right order, with half credit for ties', () => {
    expect(auc([1, 2, 3, 4], bad)).toBe(1);
    expect(auc([4, 3, 2, 1], bad)).toBe(0);
    expect(auc([1, 1, 1, 1], bad)).toBe(0.5);
    expect(auc([1, 2, 2, 3], bad)).toBe(3.5 / 4);
  });

  it('auc equals counting all pairs on seeded scores with ties', () => {
    const random = seededRandom(42);
    const risk = Array.from({ length: 200 }, () => random.below(20));
    const labels = Uint8Array.from(risk, (score) => (random.below(20) < score ? 1 : 0));
    let credit = 0;
    let pairs = 0;
    for (const [a, riskOfBad] of risk.entries()) {
      for (const [b, riskOfGood] of risk.entries()) {
        if (labels[a] !== 1 || labels[b] !== 0) continue;
        pairs += 1;
        credit += riskOfBad > riskOfGood ? 1 : riskOfBad === riskOfGood ? 0.5 : 0;
      }
    }
    expect(auc(risk, labels)).toBeCloseTo(credit / pairs, 12);
  });

  it('ks is the greatest gap, brier and log loss are means', () => {
    expect(ks([1, 2, 3, 4], bad)).toBe(1);
    expect(ks([1, 3, 2, 4], bad)).toBe(0.5);
    expect(brier([0, 0.5, 0.5, 1], bad)).toBe(0.125);
    expect(logLoss([0.5, 0.5, 0.5, 0.5], bad)).toBeCloseTo(Math.log(2), 12);
  });

  it('calibration error is 0 for the rates themselves', () => {
    const labels = Uint8Array.from({ length: 1_000 }, (_, row) =>
      row % 10 <= Math.floor(row / 100) ? 1 : 0,
    );
    const rates = Float64Array.from(labels, (_, row) => (Math.floor(row / 100) + 1) / 10);
    expect(calibrationError(rates, labels)).toBeCloseTo(0, 12);
    expect(
      calibrationError(
        rates.map(() => 0),
        labels,
      ),
    ).toBeCloseTo(0.55, 12);
  });
});
