/**
 * Evidence is what other services answer to a submission. Each kind is one entry of
 * `EvidenceContents`; the compiler then asks for all that has to be known of it.
 */
import { type CalendarDate, sha256 } from '@lianbao/kernel';
import { canonicalText } from './canonical.ts';
import type { DeclineCode } from './decline-codes.ts';
import type { Reason } from './reason.ts';

export interface ScoreContent {
  readonly grade: string;
  readonly points: number;
  readonly pdPpm: bigint;
  readonly suggestedLimitFen: bigint;
  /** Which term of the scoring limit is the least. */
  readonly limitTerm: string;
  readonly monthsWithSales: number;
  readonly newestRecordDate: CalendarDate | undefined;
  readonly modelVersion: string;
  readonly artefactHash: string;
  readonly inputsHash: string;
  readonly asOf: CalendarDate;
  readonly reasons: readonly Reason[];
}

interface EvidenceContents {
  readonly SCORE: ScoreContent;
}

export type EvidenceKind = keyof EvidenceContents;

interface EvidenceRefusal {
  readonly reason: string;
  /** RISK is a no; DATA says that something is not known. */
  readonly ground: 'RISK' | 'DATA';
}

/** What came: the content of its kind, or why there is none. */
export type EvidenceAnswer<Kind extends EvidenceKind = EvidenceKind> =
  | {
      readonly state: 'ARRIVED';
      readonly source: string;
      /** ISO time. */
      readonly validUntil: string | undefined;
      readonly content: EvidenceContents[Kind];
    }
  | { readonly state: 'REFUSED'; readonly refusals: readonly EvidenceRefusal[] };

/** An answer with the SHA-256 of its canonical text, as decisions and rows name it. */
export type HashedAnswer<Kind extends EvidenceKind = EvidenceKind> = EvidenceAnswer<Kind> & {
  readonly contentHash: string;
};

export const answerText = (answer: EvidenceAnswer): string => canonicalText(answer);

export const hashed = <Kind extends EvidenceKind>(
  answer: EvidenceAnswer<Kind>,
): HashedAnswer<Kind> => ({ ...answer, contentHash: sha256(answerText(answer)) });

/** Names for people, Chinese and English. */
export const evidenceNames: Readonly<Record<EvidenceKind, readonly [string, string]>> = {
  SCORE: ['评分', 'score'],
};

/** What a no declines with, by its reason (decisions.md 3). */
const declineOfReason: Readonly<Record<EvidenceKind, ReadonlyMap<string, DeclineCode>>> = {
  SCORE: new Map([
    ['CONSENT_MISSING', 'CONSENT_INSUFFICIENT'],
    ['SELLER_BLOCKED', 'BLOCKED'],
  ]),
};

/** What a no declines with whose reason is of a later release: as the worst that could have arrived. */
const declineOfKind: Readonly<Record<EvidenceKind, DeclineCode>> = { SCORE: 'SCORE_BELOW_CUTOFF' };

/** The ground decides: undefined for a want of data, which goes to a person whatever its reason. */
export const declineOf = (
  kind: EvidenceKind,
  { reason, ground }: EvidenceRefusal,
): DeclineCode | undefined =>
  ground === 'DATA' ? undefined : (declineOfReason[kind].get(reason) ?? declineOfKind[kind]);
