/**
 * The columns that stand beside the texts of a decision and say the same again: those of its own row, of
 * the application that it led to, and of evidence. Whatever reads them must find what was decided.
 */
import type { Application, ApplicationState } from './application.ts';
import { canonicalText } from './decision/canonical.ts';
import type { DecisionRecord } from './decision/decide.ts';
import type { EvidenceKind } from './decision/evidence.ts';
import { reasonsShownMax } from './decision/reason.ts';
import { type Difference, differing } from './difference.ts';
import type { OfferState } from './offer.ts';

export interface StoredRows {
  readonly decision: {
    readonly number: number;
    readonly mode: string;
    readonly createTime: Date;
  };
  /** Of the last decision that is stored of the application. */
  readonly lastNumber: number;
  readonly application: Pick<Application, 'state' | 'reasons' | 'decisionNumber' | 'decideTime'>;
  /** Of the offer that the decision made. */
  readonly offerState: OfferState | undefined;
  /** The task that the round's referral opened has not ended. */
  readonly taskWaits: boolean;
  /** Of every round. */
  readonly evidence: readonly StoredEvidence[];
}

export interface StoredEvidence {
  readonly kind: EvidenceKind;
  readonly round: number;
  readonly state: string;
  readonly storedHash: string | undefined;
  /** Computed now, of the content that is stored. */
  readonly contentHash: string | undefined;
}

export function rowDifferences(
  record: DecisionRecord,
  { decision, lastNumber, application, offerState, taskWaits, evidence }: StoredRows,
): readonly Difference[] {
  const found = [
    ...differing('decision.number', String(decision.number), String(record.number)),
    ...differing('decision.mode', decision.mode, record.mode),
    ...differing('decision.created_at', decision.createTime.toISOString(), record.decideTime),
    ...differing(
      'application.decision_number',
      String(application.decisionNumber),
      String(lastNumber),
    ),
    ...evidence.flatMap(({ storedHash, contentHash }) =>
      differing('evidence.content_hash', storedHash, contentHash),
    ),
  ];
  if (decision.number !== lastNumber) return found; // The application has moved on.
  const state = stateAfter(record, offerState, taskWaits);
  const reasons = canonicalText(record.reasons.slice(0, reasonsShownMax));
  return [
    ...found,
    ...differing('application.state', application.state, state),
    ...differing('application.reasons', canonicalText(application.reasons), reasons),
    ...differing(
      'application.decided_at',
      application.decideTime?.toISOString(),
      record.decideTime,
    ),
  ];
}

/** Where an application is after its last decision; undefined: nowhere that this could lead. */
function stateAfter(
  { outcome }: DecisionRecord,
  offerState: OfferState | undefined,
  taskWaits: boolean,
): ApplicationState | undefined {
  switch (outcome) {
    case 'DECLINED':
      return 'DECLINED';
    case 'REFERRED':
      return taskWaits ? 'REFERRED' : 'WITHDRAWN';
    case 'APPROVED':
      return offerState && afterOffer[offerState];
  }
}

const afterOffer: Readonly<Record<OfferState, ApplicationState | undefined>> = {
  OPEN: 'APPROVED',
  WITHDRAWN: 'WITHDRAWN',
  EXPIRED: 'EXPIRED',
  REPLACED: undefined, // By the next decision.
};
