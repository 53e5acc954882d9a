import { type Caller, parentOf, type Slice, type Sliced } from '@lianbao/kernel';
import type { Offer } from '../domain/offer.ts';
import { refusals } from '../domain/refusals.ts';
import type { Dependencies } from './dependencies.ts';
import { visible } from './ownership.ts';

export const getOffer =
  ({ store }: Dependencies) =>
  (caller: Caller, name: string, method: string): Promise<Offer> =>
    store.read(caller, async (tx) => {
      const parent = parentOf(name);
      visible(await tx.application(parent), caller, parent, method);
      const offer = await tx.offer(name);
      if (offer === undefined) throw refusals.NAME_UNKNOWN({ name });
      return offer;
    });

export const listOffers =
  ({ store }: Dependencies) =>
  (caller: Caller, parent: string, slice: Slice, method: string): Promise<Sliced<Offer>> =>
    store.read(caller, async (tx) => {
      const application = visible(await tx.application(parent), caller, parent, method);
      return tx.offers(application.uid, slice);
    });
