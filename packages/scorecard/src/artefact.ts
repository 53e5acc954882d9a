/**
 * The artefact: all that a model is, as one plain JSON value. Its hash is the SHA-256 of its canonical
 * JSON (RFC 8785). Whole big numbers are strings. Approvals and states are kept outside.
 */
import { canonicalJson, contentHash } from '@lianbao/kernel';
import type { Calibration } from './calibrate.ts';
import type { Card } from './card.ts';
import type { BinningConfig } from './config.ts';
import type { LendableClass, LimitTable } from './limit.ts';
import type { Grade } from './master-scale.ts';

export const schemaVersion = 1;

export type Provenance = {
  readonly featureSetVersion: string;
  readonly asOf: string;
  readonly dataHash: string;
};

export type ReasonGiven = readonly [code: string, pointsLost: number];

/** A seller's values and the answer they must get; null is missing. */
export type TestVector = {
  readonly values: readonly (number | null)[];
  readonly points: number;
  readonly pdPpm: number;
  readonly grade: Grade;
  readonly reasons: readonly ReasonGiven[];
  readonly reasonsToMean: readonly ReasonGiven[];
};

export type FeatureLeftOut = {
  readonly id: string;
  readonly informationValue: number;
  readonly why: string;
};

/** Worth of a feature's bins under each trend; what a restriction costs is the difference to `none`. */
export type TrendWorths = {
  readonly id: string;
  readonly chosen: string;
  readonly worths: { readonly [trend: string]: number };
};

export type StoredLimitTable = {
  readonly baseMultiplierBps: Readonly<Record<LendableClass, string>>;
  readonly salesShareBps: Readonly<Record<LendableClass, string>>;
};

export type StoredConfig = {
  readonly centralTendencyPpm: string | null;
  readonly informationValueMin: number;
  readonly lambdas: readonly number[];
  readonly binning: { readonly [key in keyof BinningConfig]: number };
};

export type DevelopmentMetrics = {
  readonly auc: number;
  readonly ks: number;
  readonly brier: number;
  readonly logLoss: number;
  /** Of rows left out by inner folds, at the chosen ridge, before calibration. */
  readonly innerLogLoss: number;
  /** Of the development sample, by the PD that ships. */
  readonly gradeCounts: Readonly<Record<Grade, number>>;
};

export type Artefact = {
  readonly schemaVersion: number;
  readonly model: 'S';
  readonly provenance: Provenance;
  readonly seed: number;
  readonly config: StoredConfig;
  readonly sample: { readonly rows: number; readonly bads: number };
  readonly lambda: number;
  readonly calibration: {
    readonly kind: Calibration['kind'];
    readonly intercept: number;
    readonly slope: number;
    /** Log-odds added to reach the central tendency. */
    readonly priorShift: number;
  };
  readonly card: Card;
  readonly leftOut: readonly FeatureLeftOut[];
  readonly trends: readonly TrendWorths[];
  readonly limitTable: StoredLimitTable;
  /** On the rows it was trained on: flattering, for comparison at load only. */
  readonly development: DevelopmentMetrics;
  readonly testVectors: readonly TestVector[];
};

export const artefactText = (artefact: Artefact): string => canonicalJson(artefact);

/** Lower-case hex SHA-256 of the canonical JSON. */
export const artefactHash = (artefact: Artefact): string => contentHash(artefact);

export const storedLimitTable = (table: LimitTable): StoredLimitTable => ({
  baseMultiplierBps: eachClass((one) => String(table.baseMultiplierBps[one])),
  salesShareBps: eachClass((one) => String(table.salesShareBps[one])),
});

export const readLimitTable = (stored: StoredLimitTable): LimitTable => ({
  baseMultiplierBps: eachClass((one) => BigInt(stored.baseMultiplierBps[one])),
  salesShareBps: eachClass((one) => BigInt(stored.salesShareBps[one])),
});

const eachClass = <T>(make: (one: LendableClass) => T): Record<LendableClass, T> => ({
  A: make('A'),
  B: make('B'),
  C: make('C'),
});
