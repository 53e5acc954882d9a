/**
 * A loan application from draft to its end (product.md 2.3). Transitions are pure: they refuse a state
 * that does not allow them, and return the application as it will be; the store writes it only where
 * state and revision are still those that were read.
 */
import type { Uid } from '@lianbao/kernel';
import type { RepaymentMethod } from '@lianbao/loan-math';
import type { DecisionRecord } from './decision/decide.ts';
import type { VersionRef } from './decision/facts.ts';
import { type Reason, reasonsShownMax } from './decision/reason.ts';
import { refusals } from './refusals.ts';

export type ApplicationState =
  | 'DRAFT'
  | 'SUBMITTED'
  | 'REFERRED'
  | 'APPROVED'
  | 'DECLINED'
  | 'WITHDRAWN'
  | 'EXPIRED';

/** What the platform asks for. Never changes once the draft is made. */
export interface ApplicationTerms {
  /** `platforms/{p}/applications/{a}` */
  readonly name: string;
  /** The platform's own number; undefined for a review. */
  readonly externalReference: string | undefined;
  readonly seller: string;
  readonly lender: string;
  readonly product: string;
  readonly requestedAmountFen: bigint;
  readonly termMonths: number;
  readonly purposeCode: string;
  readonly repaymentMethod: RepaymentMethod;
  readonly consents: readonly string[];
  readonly reviewOf: string | undefined;
}

/** What is frozen at submission. */
export interface Frozen {
  readonly legalPersonKey: string;
  /** Sorted, each once. */
  readonly controllerKeys: readonly string[];
  readonly green: boolean;
  readonly lenderCapitalFen: bigint;
  readonly product: VersionRef;
  /** In force at submission; the decision names the one in force then. */
  readonly policy: VersionRef;
  readonly inputsHash: string;
}

export interface Application extends ApplicationTerms {
  readonly uid: Uid;
  readonly state: ApplicationState;
  /** Evidence answers for one round. */
  readonly round: number;
  readonly revision: bigint;
  /** Undefined until submission. */
  readonly frozen: Frozen | undefined;
  readonly evidenceDueTime: Date | undefined;
  /** When the draft or the offer ends. */
  readonly expireTime: Date | undefined;
  readonly submitTime: Date | undefined;
  readonly decideTime: Date | undefined;
  /** Number of the last decision; 0 before the first. */
  readonly decisionNumber: number;
  /** Of the last decision, the most important. */
  readonly reasons: readonly Reason[];
  readonly createTime: Date;
  readonly updateTime: Date;
}

/** An application whose inputs are frozen, and that has asked for evidence. */
export type Submitted = Application & {
  readonly frozen: Frozen;
  readonly evidenceDueTime: Date;
};

export type ApplicationAct = 'SUBMIT' | 'DECIDE' | 'OFFER' | 'DECLINE' | 'WITHDRAW' | 'REVIEW';

const allowedStates: Readonly<Record<ApplicationAct, readonly ApplicationState[]>> = {
  SUBMIT: ['DRAFT'],
  DECIDE: ['SUBMITTED'],
  OFFER: ['REFERRED', 'APPROVED'],
  DECLINE: ['REFERRED'],
  WITHDRAW: ['DRAFT', 'SUBMITTED', 'REFERRED', 'APPROVED'],
  REVIEW: ['DECLINED'],
};

const dayMs = 86_400_000;
export const daysAfter = (time: Date, days: number): Date =>
  new Date(time.getTime() + days * dayMs);
export const secondsAfter = (time: Date, seconds: number): Date =>
  new Date(time.getTime() + seconds * 1000);

/** Refuses an etag other than the revision's; none at all is a caller that did not say what it saw. */
export function requireEtag(
  name: string,
  revision: bigint | number,
  etag: string | undefined,
): void {
  if (etag === undefined || etag === '' || etag === String(revision)) return;
  throw refusals.ETAG_MISMATCH({ name, currentRevision: String(revision) });
}

/** A draft or an offer whose time is over counts as ended, even before its timer has run. */
export function requireState(
  { state, expireTime }: Pick<Application, 'state' | 'expireTime'>,
  act: ApplicationAct,
  now: Date,
): void {
  const over = expireTime !== undefined && expireTime.getTime() <= now.getTime();
  const effective = over && (state === 'DRAFT' || state === 'APPROVED') ? 'EXPIRED' : state;
  const allowed = allowedStates[act];
  if (allowed.includes(effective)) return;
  throw refusals.STATE_NOT_ALLOWED({ state: effective, allowedStates: allowed.join(',') });
}

export function draft(
  terms: ApplicationTerms,
  uid: Uid,
  now: Date,
  actionDays: number,
): Application {
  return {
    ...terms,
    uid,
    state: 'DRAFT',
    round: 1,
    revision: 1n,
    frozen: undefined,
    evidenceDueTime: undefined,
    expireTime: daysAfter(now, actionDays),
    submitTime: undefined,
    decideTime: undefined,
    decisionNumber: 0,
    reasons: [],
    createTime: now,
    updateTime: now,
  };
}

const changed = <A extends Application>(application: A, now: Date) => ({
  ...application,
  revision: application.revision + 1n,
  updateTime: now,
});

export function submit(
  application: Application,
  frozen: Frozen,
  evidenceDueTime: Date,
  now: Date,
): Submitted {
  requireState(application, 'SUBMIT', now);
  return {
    ...changed(application, now),
    state: 'SUBMITTED',
    frozen,
    evidenceDueTime,
    expireTime: undefined,
    submitTime: now,
  };
}

/** The decision's outcome becomes the state, and the end of its offer that of the application. */
export function decided(
  application: Submitted,
  record: DecisionRecord,
  now: Date,
  offerEnds: Date | undefined,
): Submitted {
  return {
    ...changed(application, now),
    state: record.outcome,
    decisionNumber: record.number,
    reasons: record.reasons.slice(0, reasonsShownMax),
    decideTime: now,
    expireTime: offerEnds,
  };
}

export function withdraw(application: Application, now: Date): Application {
  requireState(application, 'WITHDRAW', now);
  return { ...changed(application, now), state: 'WITHDRAWN', expireTime: undefined };
}

/** Undefined when nothing of it ends now. */
export function expire(application: Application, now: Date): Application | undefined {
  const { state, expireTime } = application;
  const over = expireTime !== undefined && expireTime.getTime() <= now.getTime();
  if (!over || (state !== 'DRAFT' && state !== 'APPROVED')) return undefined;
  return { ...changed(application, now), state: 'EXPIRED', expireTime: undefined };
}

/** Something that belongs to it has changed, such as late evidence. */
export const touched = <A extends Application>(application: A, now: Date): A =>
  changed(application, now);

/** Refuses one that was never submitted: its facts are not known. */
export function submitted(application: Application): Submitted {
  if (application.frozen !== undefined) return application as Submitted;
  throw refusals.STATE_NOT_ALLOWED({ state: application.state, allowedStates: 'SUBMITTED' });
}

/** Refuses one that was not declined: there is nothing to review. */
export function reviewable(
  application: Application,
  now: Date,
): Submitted & { readonly decideTime: Date } {
  requireState(application, 'REVIEW', now);
  return application as Submitted & { readonly decideTime: Date };
}

export const platformOf = (name: string): string => name.split('/').slice(0, 2).join('/');
