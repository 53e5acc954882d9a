/**
 * From log-odds to whole points: `target` points mean `odds` goods to one bad, `pdo` more double the
 * odds. One base, never spread over features: spreading errs by up to two points (scoring.md 6).
 */
import { log } from '@lianbao/kernel';
import { roundHalfAway, twelveDigits } from './digits.ts';
import { sigmoid } from './logistic.ts';

export type PointScale = {
  readonly target: number;
  readonly odds: number;
  readonly pdo: number;
  /** Points for a step of 1 in ln(odds). */
  readonly factor: number;
  /** Points at even odds. */
  readonly offset: number;
};

export function pointScale({
  target,
  odds,
  pdo,
}: Pick<PointScale, 'target' | 'odds' | 'pdo'>): PointScale {
  const factor = twelveDigits(pdo / log(2));
  return { target, odds, pdo, factor, offset: twelveDigits(target - factor * log(odds)) };
}

/** Of one bin; `coefficient` is that of ln(odds of bad), so a safe bin has more points. */
export const pointsOf = ({ factor }: PointScale, coefficient: number, weight: number): number =>
  roundHalfAway(-factor * coefficient * weight);

export const basePointsOf = ({ factor, offset }: PointScale, intercept: number): number =>
  roundHalfAway(offset - factor * intercept);

/** ln(odds of bad) at a score. */
export const marginAt = ({ factor, offset }: PointScale, points: number): number =>
  (offset - points) / factor;

const ppmPerOne = 1_000_000;

/** A PD in whole ppm, rounded up; never nothing, never certain. */
export const pdPpmOf = (margin: number): number =>
  Math.min(ppmPerOne - 1, Math.max(1, Math.ceil(sigmoid(margin) * ppmPerOne)));

/** PD of every score from `scoreMin` on; `residual` is what whole base points left of the calibration. */
export const pdPpmTable = (
  scale: PointScale,
  residual: number,
  scoreMin: number,
  scoreMax: number,
): number[] =>
  Array.from({ length: scoreMax - scoreMin + 1 }, (_, at) =>
    pdPpmOf(marginAt(scale, scoreMin + at) + residual),
  );
