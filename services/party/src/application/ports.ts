/** What the use cases need of the world: the table of contents of what party stores. */
import type { Act, Answer, Caller, Origin, Slice, Sliced, Tenant } from '@lianbao/kernel';
import type { Consent, ConsentQuery } from '../domain/consent.ts';
import type { ConsentName, LenderName, PlatformName, SellerName } from '../domain/names.ts';
import type { Lender, Platform } from '../domain/partner.ts';
import type { PartyEvent } from '../domain/party-event.ts';
import type { Block, Controller, Seller } from '../domain/seller.ts';
import type { Verification } from '../domain/verification.ts';

export interface Store {
  /** Effect, events and the answer of the act commit together; the same act again gets the same bytes. */
  once<Result>(
    act: Act<Result>,
    now: Date,
    work: (tx: Transaction) => Promise<Result>,
  ): Promise<Answer>;
  read<T>(caller: Pick<Caller, 'tenant'>, work: (tx: Transaction) => Promise<T>): Promise<T>;
}

export interface Transaction extends Partners, Sellers, Consents, Feed, Timers {
  readonly tenant: Tenant;
  say(origin: Origin, ...events: readonly PartyEvent[]): Promise<void>;
  /** A change that is no event: only its audit row. */
  note(origin: Origin, seller: Seller): Promise<void>;
  policyInForce(now: Date): Promise<PartyPolicy>;
}

export type TimerKind = 'CONSENT_EXPIRY' | 'GREEN_LISTING_END';

export interface Timers {
  /** One a kind and subject; set again it moves. */
  setTimer(kind: TimerKind, subject: string, dueAt: Date): Promise<void>;
  clearTimer(kind: TimerKind, subject: string): Promise<void>;
}

export interface PartyPolicy {
  readonly version: string;
  readonly verificationMonthsMax: number;
}

export interface Partners {
  platform(name: PlatformName): Promise<Platform | undefined>;
  /** All, or those named. */
  platforms(slice: Slice, among?: readonly PlatformName[]): Promise<Sliced<Platform>>;
  /** Waits for whoever creates the same name. */
  reserveName(name: PlatformName | LenderName): Promise<void>;
  addPlatform(platform: Platform, identityNumber: string): Promise<void>;
  lender(name: LenderName): Promise<Lender | undefined>;
  lockLender(name: LenderName): Promise<Lender | undefined>;
  /** All, or the one named. */
  lenders(slice: Slice, only?: LenderName): Promise<Sliced<Lender>>;
  unknownLenders(names: readonly LenderName[]): Promise<readonly LenderName[]>;
  addLender(lender: Lender, identityNumber: string): Promise<void>;
  saveWhitelist(lender: Lender): Promise<void>;
}

/** Which of the rules "once on a platform" the new seller meets, and with whom. */
export interface SellerClash {
  readonly by: 'NAME' | 'IDENTITY' | 'EXTERNAL_REFERENCE';
  readonly existing: Seller;
}

export interface Sellers {
  seller(name: SellerName): Promise<Seller | undefined>;
  lockSeller(name: SellerName): Promise<Seller | undefined>;
  sellers(platform: PlatformName, slice: Slice): Promise<Sliced<Seller>>;
  /** Undefined when it was added. */
  addSeller(seller: Seller, identityNumber: string): Promise<SellerClash | undefined>;
  /** Standing, green listing, update time and revision; refuses ETAG_MISMATCH when `from` is no longer there. */
  saveSeller(from: Seller, to: Seller): Promise<void>;
  addVerification(
    seller: Seller,
    verification: Verification,
    controllers: readonly Controller[],
    by: { readonly verifier: string; readonly policyVersion: string; readonly time: Date },
  ): Promise<void>;

  /** Nobody else blocks, unblocks or registers this legal person until the end of the transaction. */
  lockLegalPerson(key: string): Promise<void>;
  blockOf(legalPersonKey: string): Promise<Block | undefined>;
  addBlock(legalPersonKey: string, block: Block): Promise<void>;
  liftBlock(legalPersonKey: string, lift: Block): Promise<void>;
  /** Raises the revision of all sellers of the legal person, by uid; returns them as they are then. */
  touchSellersOf(legalPersonKey: string, now: Date): Promise<readonly Seller[]>;
}

export interface Consents {
  consent(name: ConsentName): Promise<Consent | undefined>;
  lockConsent(name: ConsentName): Promise<Consent | undefined>;
  consents(
    seller: SellerName,
    slice: Slice,
    recipient: LenderName | undefined,
  ): Promise<Sliced<Consent>>;
  /** The one that is there when the name is taken. */
  addConsent(consent: Consent): Promise<Consent | undefined>;
  saveConsent(from: Consent, to: Consent): Promise<void>;
  /** Of any purpose. */
  isNamedByLiveConsent(seller: SellerName, recipient: LenderName, now: Date): Promise<boolean>;
  /** For each query, in order, the consent that fits best: a live one with the latest end, else the newest. */
  fittingConsents(
    seller: SellerName,
    recipient: LenderName,
    queries: readonly ConsentQuery[],
    now: Date,
  ): Promise<readonly (Pick<Consent, 'name' | 'state' | 'expireTime'> | undefined)[]>;
}

export interface FeedEvent {
  readonly cursor: bigint;
  readonly eventId: string;
  readonly subject: string;
  readonly sequence: bigint;
  readonly time: Date;
  /** Full message name. */
  readonly type: string;
  readonly payload: Uint8Array;
}

export interface Feed {
  /** In order; ends early when the payloads grow large. */
  feedAfter(partner: string, cursor: bigint, size: number): Promise<readonly FeedEvent[]>;
  lastCursor(partner: string): Promise<bigint>;
}
