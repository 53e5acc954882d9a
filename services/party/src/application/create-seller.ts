import { type Act, type Answer, resourceUid } from '@lianbao/kernel';
import { platformOf, type SellerName } from '../domain/names.ts';
import { refusals } from '../domain/refusals.ts';
import { requireIdentity, type Seller, type SellerKind } from '../domain/seller.ts';
import type { Dependencies } from './dependencies.ts';
import { originOf } from './origin.ts';
import type { SellerClash } from './ports.ts';

export interface SellerGiven {
  readonly name: SellerName;
  readonly kind: SellerKind;
  readonly legalName: string;
  readonly identityNumber: string;
  readonly regionCode: string;
  readonly tradeCategory: string;
  readonly externalReference: string;
}

/** A legal person that is blocked becomes a blocked seller. */
export const createSeller =
  ({ store, clock, keyOf }: Dependencies) =>
  (act: Act<Seller>, given: SellerGiven): Promise<Answer> => {
    const now = clock();
    const { identityNumber, ...terms } = given;
    const { tenant } = act.caller;
    requireIdentity(given.kind, identityNumber);
    const legalPersonKey = keyOf(tenant, identityNumber);
    const platform = platformOf(given.name);
    return store.once(act, now, async (tx) => {
      if ((await tx.platform(platform)) === undefined) {
        throw refusals.NAME_UNKNOWN({ name: platform });
      }
      await tx.lockLegalPerson(legalPersonKey);
      const seller: Seller = {
        ...terms,
        uid: resourceUid(tenant, given.name),
        platform,
        legalPersonKey,
        standing: undefined,
        greenListing: undefined,
        block: await tx.blockOf(legalPersonKey),
        createTime: now,
        updateTime: now,
        revision: 1n,
      };
      const clash = await tx.addSeller(seller, identityNumber);
      if (clash !== undefined) throw refusalOf(clash, seller);
      const origin = originOf(act, now);
      await tx.say(origin, { type: 'SellerRegistered', seller });
      if (seller.block !== undefined) await tx.say(origin, { type: 'SellerBlocked', seller });
      return seller;
    });
  };

function refusalOf({ by, existing }: SellerClash, seller: Seller) {
  const existingName = existing.name;
  switch (by) {
    case 'NAME':
      return refusals.NAME_TAKEN({ existingName, sameContent: String(isSame(existing, seller)) });
    case 'IDENTITY':
      return refusals.IDENTITY_TAKEN({ existingName });
    case 'EXTERNAL_REFERENCE':
      return refusals.DUPLICATE_EXTERNAL_REFERENCE({ existingName });
  }
}

const isSame = (a: Seller, b: Seller): boolean =>
  a.kind === b.kind &&
  a.legalName === b.legalName &&
  a.legalPersonKey === b.legalPersonKey &&
  a.regionCode === b.regionCode &&
  a.tradeCategory === b.tradeCategory &&
  a.externalReference === b.externalReference;
