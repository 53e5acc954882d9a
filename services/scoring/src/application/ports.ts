/** What the use cases need of the world around them: the table of contents of this service. */
import type {
  Act,
  Answer,
  CalendarDate,
  Clock,
  Origin,
  Slice,
  Sliced,
  Tenant,
} from '@lianbao/kernel';
import type { Intake } from '../domain/intake.ts';
import type { RollUpChange } from '../domain/roll-up.ts';
import type { Score } from '../domain/score.ts';
import type { ScoreModelVersion } from '../domain/score-model.ts';
import type { ConsentFault, ScorePolicy, ScoreRefusalReason } from '../domain/score-refusal.ts';
import type { TradingSummary } from '../domain/summary.ts';
import type { StoredRecord, TradingRecord } from '../domain/trading-record.ts';
import type { LabelledSeller, TrainedModel, TrainingSample } from '../domain/training.ts';

export interface Store {
  /** Effect, outbox and stored answer commit together; the same act again gets the same bytes. */
  once<Result>(act: Act<Result>, work: (tx: Transaction) => Promise<Result>): Promise<Answer>;
  transact<Result>(tenant: Tenant, work: (tx: Transaction) => Promise<Result>): Promise<Result>;
}

export type Transaction = TradingRows & ViewRows & ScoreRows & ModelRows;

/** A seller's head row: its lock, and where its records stand. */
export interface Head {
  readonly seller: string;
  readonly key: number;
  readonly sources: readonly string[];
  readonly watermark: bigint;
}

export interface TradingRows {
  lockHead(seller: string): Promise<Head | undefined>;
  openHead(seller: string): Promise<Head>;
  /** Every stored revision of the records named. */
  knownRevisions(head: Head, records: readonly TradingRecord[]): Promise<readonly TradingRecord[]>;
  storeRecords(head: Head, intake: Intake, change: RollUpChange): Promise<void>;
  recordsAdded(
    origin: Origin,
    seller: string,
    accepted: readonly StoredRecord[],
    watermark: bigint,
  ): Promise<void>;
  /** By the newest watermark; undefined when no record was ever sent. */
  summaryNow(seller: string, asOf: CalendarDate): Promise<SummaryNow | undefined>;
  /** From the records themselves. */
  summaryAt(
    seller: string,
    asOf: CalendarDate,
    watermark: bigint,
  ): Promise<TradingSummary | undefined>;
  coverage(seller: string): Promise<Coverage | undefined>;
  /** Of those that have sent records. */
  watermarksOf(sellers: readonly string[]): Promise<ReadonlyMap<string, bigint>>;
}

export interface SummaryNow {
  readonly watermark: bigint;
  readonly summary: TradingSummary;
}

/** Records that count, whatever their day. */
export interface Coverage {
  readonly watermark: bigint;
  readonly saleCount: number;
  readonly purchaseCount: number;
  readonly firstDate: CalendarDate | undefined;
  readonly lastDate: CalendarDate | undefined;
}

export interface ConsentUse {
  readonly seller: string;
  readonly lender: string;
  readonly purpose: 'SCORING' | 'SHARE_WITH_LENDER';
  readonly dataKind: 'INVOICES' | 'SCORES';
}

export interface ViewRows {
  sellerInView(seller: string): Promise<SellerStanding | undefined>;
  /** Keeps what party said of a seller that the view does not have yet. */
  rememberSeller(seller: string, standing: SellerStanding): Promise<void>;
  /** Whether the view has a consent that is live now for one of the uses. */
  hasConsentInView(uses: readonly ConsentUse[], now: Date): Promise<boolean>;
  policyInForce(now: Date): Promise<ScorePolicy>;
  /** All that a score for an application asks of views and models, in one look. */
  lookForApplication(look: ApplicationLook): Promise<ApplicationView>;
  championNow(): Promise<Champion | undefined>;
}

export interface SellerStanding {
  readonly isBlocked: boolean;
  readonly legalPersonKey: string;
}

export interface ApplicationLook {
  readonly application: string;
  readonly round: number;
  readonly use: ConsentUse;
  readonly policyHash: string;
  readonly now: Date;
}

export interface ApplicationView {
  readonly isAnswered: boolean;
  /** Undefined: the view does not know the seller. */
  readonly isBlocked: boolean | undefined;
  readonly hasConsent: boolean;
  readonly policy: ScorePolicy | undefined;
  readonly champion: Champion | undefined;
}

export interface Champion {
  readonly name: string;
  readonly artefactHash: string;
}

export interface ScoreRows {
  /** False when a score of this name is there already. */
  insertScore(score: Score): Promise<boolean>;
  /** For a caller that knows already that it is not. */
  addScore(score: Score): Promise<void>;
  scoreComputed(origin: Origin, score: Score): Promise<void>;
  scoreRefused(origin: Origin, refused: RefusedApplication): Promise<void>;
  /** False when application and round have their answer already. */
  insertAnswer(answer: ApplicationAnswer): Promise<boolean>;
  scoreNamed(name: string): Promise<Score | undefined>;
  /** Of one lender, or all. */
  scoresOf(query: ScoreQuery, slice: Slice): Promise<Sliced<Score>>;
}

export interface RefusedApplication {
  readonly application: string;
  readonly round: number;
  readonly seller: string;
  readonly lender: string;
  readonly reasons: readonly ScoreRefusalReason[];
}

export interface ApplicationAnswer {
  readonly application: string;
  readonly round: number;
  readonly scoreUid: string | undefined;
  readonly refusals: readonly ScoreRefusalReason[];
  readonly answeredAt: Date;
}

export interface ScoreQuery {
  readonly seller: string;
  readonly lender: string | undefined;
}

export interface ModelRows {
  /** Waits for whoever trains a model under the same name. */
  reserveModelName(name: string): Promise<void>;
  modelNamed(name: string, lock?: 'FOR_UPDATE'): Promise<ScoreModelVersion | undefined>;
  /** Of one model, `scoreModels/{m}`; of all when the parent is empty. */
  modelsOf(parent: string, slice: Slice): Promise<Sliced<ScoreModelVersion>>;
  insertModel(origin: Origin, model: ScoreModelVersion, labels: readonly Label[]): Promise<void>;
  /** Conditional on the state and revision of `from`: else ETAG_MISMATCH. */
  saveModel(origin: Origin, from: ScoreModelVersion, to: ScoreModelVersion): Promise<void>;
  /** One promotion at a time: whoever asks waits for the other's end. */
  lockChampion(): Promise<void>;
  championModel(): Promise<ScoreModelVersion | undefined>;
  promoted(
    origin: Origin,
    champion: ScoreModelVersion,
    retired: ScoreModelVersion | undefined,
  ): Promise<void>;
  /** In the order of the call. */
  labelsOf(model: string): Promise<readonly StoredLabel[]>;
  storeVectors(model: string, vectors: ReadonlyMap<number, readonly number[]>): Promise<void>;
  insertArtefact(hash: string, text: string): Promise<void>;
  artefact(hash: string): Promise<string | undefined>;
  startTraining(model: string, now: Date): Promise<void>;
}

export type Label = Omit<LabelledSeller, 'vector'>;

export interface StoredLabel extends Label {
  readonly place: number;
  readonly vector: readonly number[] | undefined;
}

/** The service that knows sellers and consents. Throws DEPENDENCY_UNAVAILABLE when nobody answers. */
export interface PartyPort {
  /** Undefined: there is no such seller. */
  sellerOf(
    tenant: Tenant,
    seller: string,
    signal?: AbortSignal,
  ): Promise<SellerStanding | undefined>;
  /** One a use, in their order; undefined: live. */
  consentFaults(
    tenant: Tenant,
    uses: readonly ConsentUse[],
    signal?: AbortSignal,
  ): Promise<readonly (ConsentFault | undefined)[]>;
}

/** Trains beside the service's own work. Rejects with TrainingDataUnfit as `trainOn` does. */
export interface Trainer {
  train(sample: TrainingSample, signal: AbortSignal): Promise<TrainedModel>;
}

export interface Dependencies {
  readonly store: Store;
  readonly party: PartyPort;
  readonly clock: Clock;
}
