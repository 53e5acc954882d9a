/** A version of a product: made by one person, in force by another. */
import type { FieldViolation, Uid } from '@lianbao/kernel';
import { requireEtag } from './application.ts';
import type { ProductTerms } from './decision/product.ts';
import { refusals } from './refusals.ts';

export type ProductState = 'DRAFT' | 'APPROVED' | 'RETIRED';

export interface ProductVersion {
  readonly uid: Uid;
  /** `products/{p}/versions/{v}` */
  readonly name: string;
  readonly state: ProductState;
  readonly terms: ProductTerms;
  readonly hash: string;
  readonly maker: string;
  readonly approver: string | undefined;
  readonly revision: number;
  readonly createTime: Date;
  readonly updateTime: Date;
}

/** What is wrong with the terms of a product, all of it; fields as in the request. */
export function productViolations(terms: ProductTerms): readonly FieldViolation[] {
  const found: FieldViolation[] = [];
  const complain = (field: string, reason: string, description: string) =>
    found.push({ field, reason, description });
  if (terms.amountMinFen <= 0n) complain('amount_min', 'amount.positive', 'has to be above zero');
  if (terms.amountMaxFen < terms.amountMinFen) {
    complain('amount_max', 'range.order', 'has to be at least amount_min');
  }
  if (terms.termMonthsMax < terms.termMonthsMin) {
    complain('term_months_max', 'range.order', 'has to be at least term_months_min');
  }
  return found;
}

export function requireApprovable(
  version: ProductVersion,
  approver: string,
  etag: string | undefined,
): void {
  const { name, state, maker, revision } = version;
  requireEtag(name, revision, etag);
  if (state !== 'DRAFT') throw refusals.STATE_NOT_ALLOWED({ state, allowedStates: 'DRAFT' });
  if (maker === approver) throw refusals.FOUR_EYES_SAME_PERSON({ proposer: maker });
}
