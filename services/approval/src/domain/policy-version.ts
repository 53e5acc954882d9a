/**
 * A version of the credit policy: DRAFT, VALIDATED, APPROVED by another person, ACTIVE from a moment
 * on, RETIRED. Its content never changes; a better one is a new version.
 */
import type { FieldViolation, Json, Uid } from '@lianbao/kernel';
import { requireEtag } from './application.ts';
import type { Policy } from './decision/policy.ts';
import { refusals } from './refusals.ts';

export type PolicyState = 'DRAFT' | 'VALIDATED' | 'APPROVED' | 'ACTIVE' | 'RETIRED';

export interface ReplayReport {
  readonly decisionCount: number;
  readonly sameCount: number;
  readonly swappedInCount: number;
  readonly swappedOutCount: number;
  readonly expectedLossThenFen: bigint;
  readonly expectedLossNowFen: bigint;
}

/** A policy with the content it was read from, as the contract writes it in JSON. */
export interface PolicyContent {
  readonly policy: Policy;
  readonly json: Json;
  /** SHA-256 of the canonical JSON. */
  readonly hash: string;
}

export interface PolicyVersion {
  readonly uid: Uid;
  /** `policies/{p}/versions/{v}` */
  readonly name: string;
  readonly state: PolicyState;
  readonly content: PolicyContent;
  readonly replayReport: ReplayReport | undefined;
  readonly proposer: string;
  readonly approver: string | undefined;
  readonly effectiveTime: Date | undefined;
  readonly revision: number;
  readonly createTime: Date;
  readonly updateTime: Date;
}

/** What is in force before any version was activated. */
export const firstPolicyVersion = 'policy-0';

type PolicyAct = 'VALIDATE' | 'APPROVE' | 'ACTIVATE';

const allowedStates: Readonly<Record<PolicyAct, PolicyState>> = {
  VALIDATE: 'DRAFT',
  APPROVE: 'VALIDATED',
  ACTIVATE: 'APPROVED',
};

export function requirePolicyState({ name, state }: PolicyVersion, act: PolicyAct): void {
  const allowed = allowedStates[act];
  if (state === allowed) return;
  if (state === 'DRAFT') throw refusals.POLICY_NOT_VALIDATED({ version: name });
  throw refusals.STATE_NOT_ALLOWED({ state, allowedStates: allowed });
}

export function requirePolicyApprovable(
  version: PolicyVersion,
  approver: string,
  etag: string | undefined,
): void {
  requireEtag(version.name, version.revision, etag);
  requirePolicyState(version, 'APPROVE');
  if (version.proposer === approver) {
    throw refusals.FOUR_EYES_SAME_PERSON({ proposer: version.proposer });
  }
}

/** Of two that come from the same moment neither is. */
export const isLater = (
  { effectiveTime: one }: Pick<PolicyVersion, 'effectiveTime'>,
  { effectiveTime: other }: Pick<PolicyVersion, 'effectiveTime'>,
): boolean => (one?.getTime() ?? 0) > (other?.getTime() ?? 0);

/** The moment from which an activation counts. Refuses one before the call. */
export function activationTime(asked: Date | undefined, now: Date): Date {
  if (asked === undefined) return now;
  if (asked.getTime() < now.getTime()) {
    const violation: FieldViolation = {
      field: 'effective_time',
      reason: 'time.past',
      description: 'is before the call',
    };
    throw refusals.FIELD_INVALID({ field: 'effective_time' }, { violations: [violation] });
  }
  return asked;
}
