import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calibrated, chooseCalibration, identity } from './calibrate.ts';
import { sigmoid } from './logistic.ts';
import { shiftToMean } from './mean-shift.ts';
import { seededRandom } from './random.ts';

/** Margins whose true log-odds are `slope` times as steep, and a little off. */
function sample(slope: number, rows: number, seed: number) {
  const random = seededRandom(seed);
  const margins = Float64Array.from({ length: rows }, () => 6 * random.unit() - 4);
  const bad = Uint8Array.from(margins, (z) => (random.unit() < sigmoid(0.3 + slope * z) ? 1 : 0));
  return { margins, bad };
}

describe('calibration', () => {
  it('never reorders, whatever the margins', () => {
    const slopes = fc.constantFrom(-1, 0, 0.2, 0.5, 1, 2);
    fc.assert(
      fc.property(slopes, fc.integer({ min: 30, max: 300 }), fc.nat(1_000), (slope, rows, seed) => {
        const { margins, bad } = sample(slope, rows, seed);
        bad[0] = 1 - (bad[1] as number); // Both classes, whatever was drawn.
        const chosen = chooseCalibration(margins, bad, 5);
        expect(chosen.slope).toBeGreaterThan(0);
        const ascending = calibrated(chosen, margins.toSorted());
        expect(ascending).toEqual(ascending.toSorted());
      }),
      { seed: 42, numRuns: 60 },
    );
  });

  it('keeps margins that are right, and straightens those that are too steep', () => {
    const right = sample(1, 2_000, 1);
    right.margins.forEach((z, row) => {
      right.margins[row] = z + 0.3;
    });
    expect(chooseCalibration(right.margins, right.bad, 5)).toEqual(identity);
    const steep = sample(0.5, 2_000, 1);
    const line = chooseCalibration(steep.margins, steep.bad, 5);
    expect(line.kind).toBe('PLATT');
    expect(line.slope).toBeCloseTo(0.5, 1);
  });
});

it.each([0.0001, 0.03, 0.5, 0.97])('the shift brings the mean PD to %d', (target) => {
  const { margins } = sample(1, 500, 7);
  const shift = shiftToMean(margins, target);
  const mean = margins.reduce((sum, z) => sum + sigmoid(z + shift), 0) / margins.length;
  expect(mean).toBeCloseTo(target, 12);
});
