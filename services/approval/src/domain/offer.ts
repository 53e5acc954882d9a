/** An offer on one application: replaced, never edited; open until it ends (product.md 2.4). */
import type { Uid } from '@lianbao/kernel';
import type { Instalment } from '@lianbao/loan-math';
import type { OfferTerms } from './decision/offer.ts';

export type OfferState = 'OPEN' | 'REPLACED' | 'EXPIRED' | 'WITHDRAWN';

export interface Offer {
  readonly uid: Uid;
  /** `platforms/{p}/applications/{a}/offers/{o}` */
  readonly name: string;
  readonly lender: string;
  readonly state: OfferState;
  /** The decision that made it. */
  readonly decisionNumber: number;
  readonly terms: OfferTerms;
  readonly instalments: readonly Instalment[];
  readonly replacedBy: string | undefined;
  readonly createTime: Date;
  readonly expireTime: Date;
  readonly revision: bigint;
}
