import type { Caller, Slice, Sliced } from '@lianbao/kernel';
import { type PlatformName, platformOf, type SellerName } from '../domain/names.ts';
import { refusals } from '../domain/refusals.ts';
import type { Seller } from '../domain/seller.ts';
import type { Dependencies } from './dependencies.ts';
import { isConfidedIn, requireDealings } from './ownership.ts';

/** Not whole: without what a verification found, and why it is blocked. */
export interface SeenSeller {
  readonly seller: Seller;
  readonly isWhole: boolean;
}

export const getSeller =
  ({ store, clock }: Dependencies) =>
  (caller: Caller, name: SellerName, method: string): Promise<SeenSeller> =>
    store.read(caller, async (tx) => {
      await requireDealings(tx, caller, platformOf(name), method);
      const seller = await tx.seller(name);
      if (seller === undefined) throw refusals.NAME_UNKNOWN({ name });
      return { seller, isWhole: await isConfidedIn(tx, caller, name, clock()) };
    });

export const listSellers =
  ({ store }: Dependencies) =>
  (caller: Caller, platform: PlatformName, slice: Slice): Promise<Sliced<Seller>> =>
    store.read(caller, async (tx) => {
      if ((await tx.platform(platform)) === undefined) {
        throw refusals.NAME_UNKNOWN({ name: platform });
      }
      return tx.sellers(platform, slice);
    });
