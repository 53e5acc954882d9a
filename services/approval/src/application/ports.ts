/** What the use cases need of the world: the table of contents of what approval stores and asks. */
import type {
  Act,
  Answer,
  Caller,
  Json,
  Origin,
  Slice,
  Sliced,
  Tenant,
  Uid,
} from '@lianbao/kernel';
import type { Application, ApplicationState, Submitted } from '../domain/application.ts';
import type { Consent, ConsentVerdict } from '../domain/consent.ts';
import type { Decided, DecisionRecord } from '../domain/decision/decide.ts';
import type { EvidenceKind, HashedAnswer } from '../domain/decision/evidence.ts';
import type { Facts, VersionRef } from '../domain/decision/facts.ts';
import type { DomainEvent } from '../domain/events.ts';
import type { Offer } from '../domain/offer.ts';
import type { ProductVersion } from '../domain/product-version.ts';
import type { StoredEvidence, StoredRows } from '../domain/replay-rows.ts';
import type { LenderStanding, OpenApplication, SellerStanding } from '../domain/submission.ts';
import type { Tasks } from './task-ports.ts';
import type { EffectivePolicy, Policies, Products } from './version-ports.ts';

export interface Store {
  /** Effect, events and the answer of the act commit together; the same act again gets the same bytes. */
  once<Result>(
    act: Act<Result>,
    now: Date,
    work: (tx: Transaction) => Promise<Result>,
  ): Promise<Answer>;
  read<T>(caller: Pick<Caller, 'tenant'>, work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** In one statement: it stands on every application's way. */
  submissionGround(caller: Pick<Caller, 'tenant'>, name: string): Promise<SubmissionGround>;
}

export interface Transaction
  extends Applications,
    EvidenceRows,
    Decisions,
    Offers,
    Tasks,
    Products,
    Policies,
    LenderView {
  readonly tenant: Tenant;
  say(origin: Origin, ...events: readonly DomainEvent[]): Promise<void>;
  /** A change that is no event: only its audit row. */
  note(
    origin: Origin,
    change: { readonly uid: Uid; readonly name: string; readonly content: Json },
  ): Promise<void>;
  /** One a kind and subject; set again it moves. */
  setTimer(kind: TimerKind, subject: Uid, dueTime: Date): Promise<void>;
  clearTimer(kind: TimerKind, subject: Uid): Promise<void>;
}

/** APPLICATION: what its state waits for next, the end of draft or offer or the evidence's deadline. */
export type TimerKind = 'APPLICATION' | 'TASK_OVERDUE' | 'TASK_LEASE' | 'POLICY_ACTIVATION';

/** Read in one go before a submission; all of it undefined where it is not there. */
export interface SubmissionGround {
  readonly application: Application | undefined;
  readonly product: ProductVersion | undefined;
  readonly lender: LenderStanding | undefined;
}

/** Read under the application's row lock; the rest may change the next moment, and is guarded where it is written. */
interface LockedDraft {
  readonly application: Application | undefined;
  /** Of the same legal person and product, when the person is known. */
  readonly open: OpenApplication | undefined;
  readonly policy: EffectivePolicy;
}

export interface ApplicationFilter {
  /** `platforms/p`, `lenders/l`. */
  readonly parent: string;
  readonly states: readonly ApplicationState[];
  readonly seller: string | undefined;
  readonly createTimeMin: Date | undefined;
}

export interface Applications {
  application(name: string): Promise<Application | undefined>;
  lockApplication(uid: Uid): Promise<Application | undefined>;
  /** All that a batch of decisions will lock, in an order in which batches never wait in a circle. */
  lockToDecide(uids: readonly Uid[]): Promise<void>;
  applications(filter: ApplicationFilter, slice: Slice): Promise<Sliced<Application>>;
  /** What a draft is held against. */
  draftGround(product: string): Promise<{
    readonly product: ProductVersion | undefined;
    readonly policy: EffectivePolicy;
  }>;
  lockDraft(
    uid: Uid,
    sought: { readonly legalPersonKey: string | undefined; readonly product: string },
  ): Promise<LockedDraft>;
  /** Like saveApplication; the evidence that it waits for comes with it. */
  saveSubmission(
    from: Application,
    to: Submitted,
    evidence: readonly EvidenceKind[],
  ): Promise<void>;
  /** The one that has the name or the reference already. */
  addApplication(application: Application): Promise<Application | undefined>;
  /** Refuses ETAG_MISMATCH where state and revision are not those of `from`, and APPLICATION_OPEN. */
  saveApplication(from: Application, to: Application): Promise<void>;
  openApplication(legalPersonKey: string, product: string): Promise<OpenApplication | undefined>;
}

export type EvidenceState = 'AWAITED' | 'ARRIVED' | 'REFUSED' | 'LATE';

export interface EvidenceRow {
  readonly kind: EvidenceKind;
  readonly round: number;
  readonly state: EvidenceState;
  /** Undefined while it is awaited. */
  readonly answer: HashedAnswer | undefined;
  readonly arriveTime: Date | undefined;
}

export type ArrivedRow = EvidenceRow & {
  readonly answer: HashedAnswer;
  readonly arriveTime: Date;
};

export interface EvidenceRows {
  awaitEvidence(uid: Uid, round: number, kinds: readonly EvidenceKind[]): Promise<void>;
  /** Of one that is awaited, without a decision. */
  saveEvidence(uid: Uid, row: ArrivedRow): Promise<void>;
  evidenceOf(uid: Uid): Promise<readonly EvidenceRow[]>;
  /** Unread: the content may be anything. */
  storedEvidence(uid: Uid): Promise<readonly StoredEvidence[]>;
  evidenceOfMany(uids: readonly Uid[]): Promise<ReadonlyMap<Uid, readonly EvidenceRow[]>>;
}

/** All that a decision reads, under the locks that it needs. */
export interface DecidingGround {
  readonly application: Application;
  readonly evidence: readonly EvidenceRow[];
  readonly obligorFen: bigint;
  readonly connectedFen: bigint;
  readonly programmeFen: bigint;
  /** In force now. */
  readonly policy: VersionRef;
}

/** What a decision writes. */
export interface NewDecision {
  readonly from: Application;
  readonly to: Submitted;
  readonly facts: Facts;
  readonly decided: Decided;
  /** Came just now, with the event that made the decision due. */
  readonly arrived: ArrivedRow | undefined;
  readonly offered: NewOffer | undefined;
}

interface NewOffer {
  readonly offer: Offer;
  /** In whose programme it counts. */
  readonly month: string;
  /** The programme's limit; undefined: none. */
  readonly mostFen: bigint | undefined;
}

export interface StoredRecord {
  readonly facts: Facts;
  readonly record: DecisionRecord;
}

/** A decision's row, whatever was done to it. */
export interface StoredDecisionRow {
  /** Canonical JSON, once. */
  readonly facts: string;
  readonly record: string;
  readonly row: StoredRows['decision'];
  /** Of the application. */
  readonly lastNumber: number;
}

export interface Decisions {
  /**
   * Waits for whoever holds the application or decides on one of its keys of control, until the end of
   * the transaction. `month` as `2020-02`. Undefined when there is no such application.
   */
  decidingGround(uid: Uid, month: string): Promise<DecidingGround | undefined>;
  /**
   * Everything in one statement; refuses like saveApplication. False, having written nothing, when
   * others have taken what was left of the programme.
   */
  recordDecision(decision: NewDecision): Promise<boolean>;
  decision(uid: Uid, number: number): Promise<StoredRecord | undefined>;
  decisionRow(uid: Uid, number: number): Promise<StoredDecisionRow | undefined>;
  /** Newest first. */
  decisions(uid: Uid, slice: Slice): Promise<Sliced<StoredRecord>>;
  /** The newest automatic decisions. */
  lastDecisions(count: number): Promise<readonly StoredRecord[]>;
  /** Ends the exposure by the application's offer and what it takes of the programme of its month. */
  giveBack(
    application: Pick<Application, 'uid' | 'lender' | 'product'>,
    month: string,
    amountFen: bigint,
  ): Promise<void>;
}

export interface Offers {
  openOffer(uid: Uid): Promise<Offer | undefined>;
  offer(name: string): Promise<Offer | undefined>;
  offerOfDecision(uid: Uid, number: number): Promise<Offer | undefined>;
  offers(uid: Uid, slice: Slice): Promise<Sliced<Offer>>;
  saveOffer(offer: Offer): Promise<void>;
}

export interface LenderView {
  saveLender(name: string, lender: LenderStanding): Promise<void>;
  /** Puts a platform on the lender's list, or takes it off. */
  listPlatform(name: string, platform: string, listed: boolean): Promise<void>;
  lenderView(name: string): Promise<LenderStanding | undefined>;
}

/** What party says now. Every method refuses DEPENDENCY_UNAVAILABLE when it does not answer. */
export interface PartyPort {
  /** Refuses NAME_UNKNOWN. */
  seller(tenant: Tenant, name: string, signal: AbortSignal): Promise<SellerStanding>;
  /** One verdict for each need of an application on credit. */
  consents(
    tenant: Tenant,
    seller: string,
    lender: string,
    signal: AbortSignal,
  ): Promise<readonly ConsentVerdict[]>;
  consent(tenant: Tenant, name: string, signal: AbortSignal): Promise<Consent | undefined>;
  lender(tenant: Tenant, name: string, signal: AbortSignal): Promise<LenderStanding | undefined>;
}

/** Wakes those who watch an application, once its change has committed. */
export interface Changes {
  /**
   * Resolves at the next change after `revision`, at the latest after `waitMs` or with the signal. False
   * once this process ends: then nobody is woken any more.
   */
  next(
    watched: { readonly tenant: Tenant; readonly uid: Uid; readonly revision: bigint },
    waitMs: number,
    signal: AbortSignal,
  ): Promise<boolean>;
}
