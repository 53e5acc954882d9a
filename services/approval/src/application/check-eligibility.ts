import { businessDayOf, type Caller, type Refusal } from '@lianbao/kernel';
import type { ProductTerms } from '../domain/decision/product.ts';
import {
  type AskedTerms,
  lenderObstacles,
  openObstacles,
  productObstacles,
  standingObstacles,
} from '../domain/submission.ts';
import type { Dependencies } from './dependencies.ts';
import { askStanding } from './standing.ts';

export interface Eligibility {
  readonly obstacles: readonly Refusal[];
  /** Undefined when the product is not offered. */
  readonly product: ProductTerms | undefined;
}

/** All that a submission would meet now. Leaves no trace. */
export const checkEligibility =
  ({ store, party, clock }: Dependencies) =>
  async (caller: Caller, terms: AskedTerms, signal: AbortSignal): Promise<Eligibility> => {
    const { product, view } = await store.read(caller, async (tx) => ({
      product: await tx.approvedProduct(terms.product),
      view: await tx.lenderView(terms.lender),
    }));
    const asking = { tenant: caller.tenant, now: clock(), signal };
    const standing = await askStanding(party, terms, view, asking);
    const open = await store.read(caller, (tx) =>
      tx.openApplication(standing.seller.legalPersonKey, terms.product),
    );
    return {
      obstacles: [
        ...productObstacles(terms, product?.terms),
        ...standingObstacles(terms, standing, businessDayOf(clock())),
        ...lenderObstacles(terms, standing.lender),
        ...openObstacles(terms, open),
      ],
      product: product?.terms,
    };
  };
