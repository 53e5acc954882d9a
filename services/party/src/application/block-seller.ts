/** A block stands for the legal person: on every platform of the tenant its sellers show it and are told of it. */
import type { Act, Answer } from '@lianbao/kernel';
import type { DocumentReference } from '../domain/document.ts';
import type { SellerName } from '../domain/names.ts';
import type { SellerEventType } from '../domain/party-event.ts';
import { refusals, requireAnotherPerson, requireEtag } from '../domain/refusals.ts';
import { type Block, requireBlock, requireUnblocked, type Seller } from '../domain/seller.ts';
import type { Dependencies } from './dependencies.ts';
import { originOf } from './origin.ts';
import type { Transaction } from './ports.ts';

export interface Ground {
  readonly reason: string;
  readonly document: DocumentReference;
}

export const blockSeller =
  ({ store, clock }: Dependencies) =>
  (act: Act<Seller>, name: SellerName, ground: Ground): Promise<Answer> => {
    const now = clock();
    return store.once(act, now, async (tx) => {
      const seller = await lockWithLegalPerson(tx, name, act.etag);
      requireUnblocked(seller);
      await tx.addBlock(seller.legalPersonKey, blockOf(act, ground, now));
      return announce(tx, act, seller, 'SellerBlocked', now);
    });
  };

/** Through any seller of the legal person, by another person than the one who blocked. */
export const unblockSeller =
  ({ store, clock }: Dependencies) =>
  (act: Act<Seller>, name: SellerName, ground: Ground): Promise<Answer> => {
    const now = clock();
    return store.once(act, now, async (tx) => {
      const seller = await lockWithLegalPerson(tx, name, act.etag);
      const { person } = requireBlock(seller);
      requireAnotherPerson(person, act.caller.person);
      await tx.liftBlock(seller.legalPersonKey, blockOf(act, ground, now));
      return announce(tx, act, seller, 'SellerUnblocked', now);
    });
  };

const blockOf = (act: Act<Seller>, { reason, document }: Ground, time: Date): Block => ({
  reason,
  document,
  person: act.caller.person,
  time,
});

async function lockWithLegalPerson(
  tx: Transaction,
  name: SellerName,
  etag: string | undefined,
): Promise<Seller> {
  const found = await tx.seller(name);
  if (found === undefined) throw refusals.NAME_UNKNOWN({ name });
  // The legal person first, then its sellers: the same order everywhere.
  await tx.lockLegalPerson(found.legalPersonKey);
  const seller = await tx.lockSeller(name);
  if (seller === undefined) throw refusals.NAME_UNKNOWN({ name });
  requireEtag(etag, seller);
  return seller;
}

async function announce(
  tx: Transaction,
  act: Act<Seller>,
  { name, legalPersonKey }: Seller,
  type: SellerEventType,
  now: Date,
): Promise<Seller> {
  const touched = await tx.touchSellersOf(legalPersonKey, now);
  await tx.say(originOf(act, now), ...touched.map((seller) => ({ type, seller })));
  return touched.find((seller) => seller.name === name) as Seller;
}
