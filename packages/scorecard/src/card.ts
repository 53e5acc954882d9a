/**
 * The scorecard as data: what a score needs, and the numbers its points came from, so that a load can
 * compute the points again. All numbers keep twelve digits before anything is derived from them.
 */
import type { BinKind } from './binning.ts';
import type { Trend } from './column.ts';
import type { GradeRow } from './master-scale.ts';
import type { PointScale } from './points.ts';
import type { ReasonText } from './reason.ts';

export type CardBin = {
  readonly kind: BinKind;
  readonly label: string;
  readonly goods: number;
  readonly bads: number;
  readonly weight: number;
  readonly points: number;
};

export type CardFeature = {
  readonly id: string;
  /** In the vector of values. */
  readonly position: number;
  readonly trend: Trend;
  readonly reasonCode: string;
  readonly missingReasonCode: string;
  readonly specialReasonCode: string;
  readonly informationValue: number;
  /** Of ln(odds of bad), calibration included. */
  readonly coefficient: number;
  readonly cuts: readonly number[];
  /** [code, bin], ascending codes; null for a numeric feature. */
  readonly levels: readonly (readonly [number, number])[] | null;
  readonly otherBin: number;
  readonly specials: readonly number[];
  /** Regular, other, specials, missing. */
  readonly bins: readonly CardBin[];
  /** Of the best regular bin. */
  readonly bestPoints: number;
  /** Mean of the accepted development sample, whole. */
  readonly meanPoints: number;
};

export type Card = {
  /** Names of the values a seller's vector holds, in order, those of dropped features too. */
  readonly featureIds: readonly string[];
  readonly scale: PointScale;
  /** ln(odds of bad) with all weights 0, calibration and shift included. */
  readonly intercept: number;
  readonly basePoints: number;
  /** Log-odds that rounding the base lost, given back in `pdPpmByScore`. */
  readonly residual: number;
  readonly features: readonly CardFeature[];
  readonly scoreMin: number;
  readonly scoreMax: number;
  readonly pdPpmByScore: readonly number[];
  readonly masterScale: readonly GradeRow[];
  readonly reasonTexts: readonly ReasonText[];
};
