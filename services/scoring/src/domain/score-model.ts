/**
 * A version of a score model: trained by one person, validated by another, promoted by a third
 * (scoring.md 9). One champion a tenant.
 */
import type { CalendarDate } from '@lianbao/kernel';
import type { Grade } from '@lianbao/scorecard';
import { refusals } from './refusals.ts';

export type ScoreModelState =
  | 'TRAINING'
  | 'FAILED'
  | 'DRAFT'
  | 'VALIDATED'
  | 'CHAMPION'
  | 'RETIRED';

export interface ModelReport {
  readonly goodCount: number;
  readonly badCount: number;
  /** Means over folds that the model had not seen; ppm. */
  readonly aucPpm: number;
  readonly aucDeviationPpm: number;
  readonly ksPpm: number;
  readonly brierPpm: number;
  /** The same with shuffled labels: about a half. */
  readonly shuffledAucPpm: number;
  readonly basePoints: number;
  readonly points: readonly PointsRow[];
  /** Of the sample, out of fold; with the shift to the central tendency and without. */
  readonly grades: readonly {
    readonly grade: Grade;
    readonly count: number;
    readonly countUnshifted: number;
  }[];
}

export interface PointsRow {
  readonly feature: string;
  readonly bin: string;
  readonly points: number;
  readonly goodCount: number;
  readonly badCount: number;
}

export interface ScoreModelVersion {
  /** `scoreModels/{m}/versions/{v}` */
  readonly name: string;
  readonly state: ScoreModelState;
  readonly asOf: CalendarDate;
  readonly centralTendencyPpm: bigint;
  readonly labelCount: number;
  readonly artefactHash: string | undefined;
  readonly report: ModelReport | undefined;
  /** Why training failed. */
  readonly failure: string | undefined;
  /** Persons, normalised. */
  readonly maker: string;
  readonly validator: string | undefined;
  readonly promoter: string | undefined;
  readonly revision: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export const labelsMin = 20;

/** `failedChecks`: what the stored artefact and sample did not stand. */
export function validated(
  model: ScoreModelVersion,
  person: string,
  etag: string | undefined,
  failedChecks: readonly string[],
): ScoreModelVersion {
  requireEtag(model, etag);
  requireState(model, 'DRAFT');
  requireAnother(person, [model.maker]);
  if (failedChecks.length > 0) throw notValidated(model, failedChecks);
  return { ...model, state: 'VALIDATED', validator: person };
}

export function promoted(
  model: ScoreModelVersion,
  person: string,
  etag: string | undefined,
): ScoreModelVersion {
  requireEtag(model, etag);
  if (model.state === 'DRAFT') throw notValidated(model, ['STATE']);
  requireState(model, 'VALIDATED');
  requireAnother(person, [model.maker, model.validator ?? '']);
  return { ...model, state: 'CHAMPION', promoter: person };
}

const notValidated = ({ name }: ScoreModelVersion, failedChecks: readonly string[]) =>
  refusals.MODEL_NOT_VALIDATED({ model: name, failedChecks: failedChecks.slice(0, 10).join(', ') });

function requireState({ name, state }: ScoreModelVersion, allowed: ScoreModelState): void {
  if (state !== allowed) throw refusals.STATE_NOT_ALLOWED({ name, state, allowedStates: allowed });
}

function requireEtag({ name, revision }: ScoreModelVersion, etag: string | undefined): void {
  if (etag !== undefined && etag !== String(revision)) {
    throw refusals.ETAG_MISMATCH({ name, currentRevision: String(revision) });
  }
}

function requireAnother(person: string, before: readonly string[]): void {
  if (before.includes(person)) throw refusals.FOUR_EYES_SAME_PERSON({ proposer: person });
}
