import type { Act, Answer, Origin } from '@lianbao/kernel';
import {
  approveListing,
  endOfListing,
  type GreenListing,
  proposeListing,
} from '../domain/green-listing.ts';
import type { SellerName } from '../domain/names.ts';
import { refusals, requireEtag } from '../domain/refusals.ts';
import type { Seller } from '../domain/seller.ts';
import type { Dependencies } from './dependencies.ts';
import { originOf } from './origin.ts';
import type { Transaction } from './ports.ts';

export const proposeGreenListing =
  ({ store, clock }: Dependencies) =>
  (
    act: Act<Seller>,
    name: SellerName,
    proposal: Pick<GreenListing, 'until' | 'listDocument'>,
  ): Promise<Answer> => {
    const now = clock();
    return store.once(act, now, async (tx) => {
      const seller = await lock(tx, name, act.etag);
      const proposer = act.caller.person;
      const listing = proposeListing(seller.greenListing, { ...proposal, proposer }, now);
      const proposed = await save(tx, seller, listing, now);
      await tx.note(originOf(act, now), proposed);
      return proposed;
    });
  };

/** By another person than the one who proposed. */
export const approveGreenListing =
  ({ store, clock }: Dependencies) =>
  (act: Act<Seller>, name: SellerName): Promise<Answer> => {
    const now = clock();
    return store.once(act, now, async (tx) => {
      const seller = await lock(tx, name, act.etag);
      const listing = approveListing(seller.greenListing, act.caller.person, now);
      const approved = await save(tx, seller, listing, now);
      await tx.say(originOf(act, now), { type: 'SellerGreenListed', seller: approved });
      return approved;
    });
  };

/** What the timer does after the last day. A proposal that nobody approved ends without a word. */
export async function endGreenListing(
  tx: Transaction,
  name: SellerName,
  origin: Origin,
): Promise<void> {
  const seller = await tx.lockSeller(name);
  const listing = seller?.greenListing;
  if (seller === undefined || listing === undefined || listing.state === 'ENDED') return;
  if (origin.time < endOfListing(listing)) return;
  const ended = await save(tx, seller, { ...listing, state: 'ENDED' }, origin.time);
  if (listing.state === 'PROPOSED') await tx.note(origin, ended);
  else await tx.say(origin, { type: 'SellerGreenListingEnded', seller: ended });
}

async function lock(tx: Transaction, name: SellerName, etag: string | undefined) {
  const seller = await tx.lockSeller(name);
  if (seller === undefined) throw refusals.NAME_UNKNOWN({ name });
  requireEtag(etag, seller);
  return seller;
}

async function save(
  tx: Transaction,
  seller: Seller,
  greenListing: GreenListing,
  now: Date,
): Promise<Seller> {
  const changed = { ...seller, greenListing, updateTime: now, revision: seller.revision + 1n };
  await tx.saveSeller(seller, changed);
  if (greenListing.state !== 'ENDED') {
    await tx.setTimer('GREEN_LISTING_END', seller.name, endOfListing(greenListing));
  }
  return changed;
}
