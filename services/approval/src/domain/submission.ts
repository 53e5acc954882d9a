/**
 * What stands before a submission: all obstacles at once, in the order in which a submission meets
 * them. What other services said is an argument here; it is asked for before the transaction.
 */
import { type CalendarDate, contentHash, type Refusal } from '@lianbao/kernel';
import { type ApplicationTerms, type Frozen, platformOf } from './application.ts';
import type { ConsentVerdict } from './consent.ts';
import type { VersionRef } from './decision/facts.ts';
import type { ProductTerms } from './decision/product.ts';
import { refusals } from './refusals.ts';

export interface SellerStanding {
  readonly state: 'REGISTERED' | 'VERIFIED' | 'BLOCKED';
  readonly legalPersonKey: string;
  readonly controllerKeys: readonly string[];
  /** Last day on which the verification counts. */
  readonly verifiedUntil: CalendarDate | undefined;
  readonly blockTime: Date | undefined;
  /** Last day of the green listing; undefined when there is none in force. */
  readonly greenUntil: CalendarDate | undefined;
}

export interface LenderStanding {
  readonly capitalFen: bigint;
  readonly whitelist: readonly string[];
}

export interface Standing {
  readonly seller: SellerStanding;
  readonly consents: readonly ConsentVerdict[];
  readonly lender: LenderStanding;
}

/** An application of the same legal person for the same product that is still open. */
export interface OpenApplication {
  readonly name: string;
}

export type AskedTerms = Pick<
  ApplicationTerms,
  'seller' | 'lender' | 'product' | 'requestedAmountFen' | 'termMonths'
>;

/** What the product itself says of the terms; undefined when no version of it is approved. */
export function productObstacles(
  { lender, product: name, requestedAmountFen, termMonths }: AskedTerms,
  product: ProductTerms | undefined,
): readonly Refusal[] {
  if (product === undefined || !product.lenders.includes(lender)) {
    return [refusals.PRODUCT_NOT_OFFERED({ product: name, lender })];
  }
  const found: Refusal[] = [];
  const { amountMinFen, amountMaxFen, termMonthsMin, termMonthsMax } = product;
  if (requestedAmountFen < amountMinFen || requestedAmountFen > amountMaxFen) {
    found.push(amountOutOfRange(name, amountMinFen, amountMaxFen));
  }
  if (termMonths < termMonthsMin || termMonths > termMonthsMax) {
    found.push(
      refusals.TERM_OUT_OF_RANGE({
        product: name,
        min: String(termMonthsMin),
        max: String(termMonthsMax),
      }),
    );
  }
  return found;
}

/** Bounds in yuan. */
export const amountOutOfRange = (product: string, minFen: bigint, maxFen: bigint): Refusal =>
  refusals.AMOUNT_OUT_OF_RANGE({ product, min: yuanText(minFen), max: yuanText(maxFen) });

export function standingObstacles(
  { seller }: AskedTerms,
  standing: Standing,
  today: CalendarDate,
): readonly Refusal[] {
  const found: Refusal[] = [];
  const { state, verifiedUntil, blockTime } = standing.seller;
  if (state === 'BLOCKED') {
    const since = blockTime?.toISOString();
    found.push(refusals.SELLER_BLOCKED({ seller, ...(since === undefined ? {} : { since }) }));
  } else if (state !== 'VERIFIED' || verifiedUntil === undefined || verifiedUntil < today) {
    const until = verifiedUntil === undefined ? {} : { verifiedUntil };
    found.push(refusals.SELLER_NOT_VERIFIED({ seller, ...until }));
  }
  for (const { consent, purpose, dataKinds, cause } of standing.consents) {
    if (consent !== undefined) continue;
    found.push(refusals.CONSENT_MISSING({ seller, purpose, dataKinds, cause }));
  }
  return found;
}

/** A platform learns the name of its own application only. */
export function openObstacles(
  { seller, product }: Pick<AskedTerms, 'seller' | 'product'>,
  open: OpenApplication | undefined,
): readonly Refusal[] {
  if (open === undefined) return [];
  const own = platformOf(open.name) === platformOf(seller) ? { existingName: open.name } : {};
  return [refusals.APPLICATION_OPEN({ product, ...own })];
}

export function lenderObstacles(
  { seller, lender }: AskedTerms,
  { whitelist }: LenderStanding,
): readonly Refusal[] {
  const platform = platformOf(seller);
  return whitelist.includes(platform)
    ? []
    : [refusals.PLATFORM_NOT_WHITELISTED({ lender, platform })];
}

export function freeze(
  terms: ApplicationTerms,
  { seller, lender }: Standing,
  product: VersionRef,
  policy: VersionRef,
  today: CalendarDate,
): Frozen {
  const { legalPersonKey } = seller;
  const controllerKeys = [...new Set(seller.controllerKeys)].sort();
  const frozen = {
    legalPersonKey,
    controllerKeys,
    green: seller.greenUntil !== undefined && seller.greenUntil >= today,
    lenderCapitalFen: lender.capitalFen,
    product,
    policy,
  };
  return { ...frozen, inputsHash: inputsHashOf(terms, frozen) };
}

/** SHA-256 of all that a decision may not find changed. */
export const inputsHashOf = (
  terms: ApplicationTerms,
  {
    legalPersonKey,
    controllerKeys,
    lenderCapitalFen,
    product,
  }: Pick<Frozen, 'legalPersonKey' | 'controllerKeys' | 'lenderCapitalFen' | 'product'>,
): string =>
  contentHash({
    seller: terms.seller,
    lender: terms.lender,
    product: { version: product.version, hash: product.hash },
    requestedAmountFen: String(terms.requestedAmountFen),
    termMonths: terms.termMonths,
    purposeCode: terms.purposeCode,
    repaymentMethod: terms.repaymentMethod,
    consents: terms.consents,
    legalPersonKey,
    controllerKeys,
    lenderCapitalFen: String(lenderCapitalFen),
  });

/** Keys under which exposure of the same control is summed, sorted, each once. */
export const controlKeys = ({ legalPersonKey, controllerKeys }: Frozen): readonly string[] =>
  [...new Set([legalPersonKey, ...controllerKeys])].sort();

const yuanText = (amountFen: bigint): string =>
  `${amountFen / 100n}.${String(amountFen % 100n).padStart(2, '0')}`;
