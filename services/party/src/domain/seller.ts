/**
 * A seller as one platform knows it. The legal person behind it has one key in the tenant: a block
 * counts for all its sellers. The state follows from what is on file and is never set by itself.
 */
import type { CalendarDate, Money, Uid } from '@lianbao/kernel';
import type { DocumentReference } from './document.ts';
import type { GreenListing } from './green-listing.ts';
import { citizenNumberFault, creditCodeFault, type IdentityFault } from './identity.ts';
import type { PlatformName, SellerName } from './names.ts';
import { fieldsInvalid, refusals } from './refusals.ts';

export type SellerKind = 'COMPANY' | 'INDIVIDUAL_BUSINESS' | 'NATURAL_PERSON';
export type SellerState = 'REGISTERED' | 'VERIFIED' | 'BLOCKED';
export type ControllerRole = 'LEGAL_REPRESENTATIVE' | 'HOLDER' | 'ACTUAL_CONTROLLER';

/** A person or firm behind the seller, by keyed hash of its identity number. */
export interface Controller {
  readonly role: ControllerRole;
  readonly key: string;
  readonly holdingBps: number;
}

/** What the last verification found. */
export interface Standing {
  readonly controllers: readonly Controller[];
  readonly netAssets: Money;
  readonly netAssetsDate: CalendarDate;
  /** Last day on which it counts. */
  readonly verifiedUntil: CalendarDate;
}

/** A person's act with its ground: the block itself, or its end. */
export interface Block {
  readonly reason: string;
  readonly document: DocumentReference;
  readonly person: string;
  readonly time: Date;
}

export interface Seller {
  readonly name: SellerName;
  readonly uid: Uid;
  readonly platform: PlatformName;
  readonly kind: SellerKind;
  readonly legalName: string;
  readonly legalPersonKey: string;
  readonly regionCode: string;
  readonly tradeCategory: string;
  readonly externalReference: string;
  readonly standing: Standing | undefined;
  readonly greenListing: GreenListing | undefined;
  /** Of the legal person, through whichever of its sellers. */
  readonly block: Block | undefined;
  readonly createTime: Date;
  readonly updateTime: Date;
  readonly revision: bigint;
}

export function stateOf({ block, standing }: Seller): SellerState {
  if (block !== undefined) return 'BLOCKED';
  return standing === undefined ? 'REGISTERED' : 'VERIFIED';
}

const identityStandards: Readonly<
  Record<SellerKind, { fault: (number: string) => IdentityFault | undefined; name: string }>
> = {
  COMPANY: { fault: creditCodeFault, name: 'unified social credit code (GB 32100)' },
  INDIVIDUAL_BUSINESS: { fault: creditCodeFault, name: 'unified social credit code (GB 32100)' },
  NATURAL_PERSON: { fault: citizenNumberFault, name: 'citizen identity number (GB 11643)' },
};

/** Refuses a number that its kind's standard does not know, naming the fault and never the number. */
export function requireIdentity(kind: SellerKind, identityNumber: string): void {
  const { fault, name } = identityStandards[kind];
  const found = fault(identityNumber);
  if (found === undefined) return;
  const reason = `identity_number.${found.toLowerCase()}`;
  throw fieldsInvalid([{ field: 'identity_number', description: `is no ${name}`, reason }]);
}

/** Enough to recognise who is known, not enough to learn who is not: a character in front, of a longer firm also the last two. */
export function maskedName(kind: SellerKind, legalName: string): string {
  const characters = [...legalName];
  const first = characters[0] ?? '';
  if (characters.length === 1) return '***';
  if (kind === 'NATURAL_PERSON' || characters.length < 6) return `${first}***`;
  return `${first}***${characters.slice(-2).join('')}`;
}

export function requireUnblocked(seller: Seller): void {
  if (seller.block !== undefined) {
    throw refusals.STATE_NOT_ALLOWED({
      state: 'BLOCKED',
      allowedStates: 'REGISTERED,VERIFIED',
    });
  }
}

/** Refuses when no block stands. */
export function requireBlock(seller: Seller): Block {
  if (seller.block === undefined) {
    throw refusals.STATE_NOT_ALLOWED({ state: stateOf(seller), allowedStates: 'BLOCKED' });
  }
  return seller.block;
}
