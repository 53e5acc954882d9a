import type { Caller, Slice, Sliced } from '@lianbao/kernel';
import {
  type Consent,
  type ConsentQuery,
  type ConsentVerdict,
  verdictOn,
} from '../domain/consent.ts';
import type { ConsentName, LenderName, SellerName } from '../domain/names.ts';
import { refusals } from '../domain/refusals.ts';
import type { Dependencies } from './dependencies.ts';
import { notOwn } from './ownership.ts';

/** A bank sees those that name it as recipient. */
export const getConsent =
  ({ store }: Dependencies) =>
  (caller: Caller, name: ConsentName, method: string): Promise<Consent> =>
    store.read(caller, async (tx) => {
      const consent = await tx.consent(name);
      if (caller.kind === 'BANK' && !consent?.recipients.includes(caller.partner as LenderName)) {
        throw notOwn(method);
      }
      if (consent === undefined) throw refusals.NAME_UNKNOWN({ name });
      return consent;
    });

/** To a bank a seller that does not exist looks like one that has named it nowhere. */
export const listConsents =
  ({ store }: Dependencies) =>
  (caller: Caller, seller: SellerName, slice: Slice): Promise<Sliced<Consent>> =>
    store.read(caller, async (tx) => {
      if (caller.kind === 'BANK') return tx.consents(seller, slice, caller.partner as LenderName);
      if ((await tx.seller(seller)) === undefined) throw refusals.NAME_UNKNOWN({ name: seller });
      return tx.consents(seller, slice, undefined);
    });

/** On the hot path of every application: one statement. */
export const checkConsent =
  ({ store, clock }: Dependencies) =>
  (
    caller: Caller,
    seller: SellerName,
    recipient: LenderName,
    queries: readonly ConsentQuery[],
  ): Promise<readonly ConsentVerdict[]> => {
    const now = clock();
    return store.read(caller, async (tx) => {
      const fitting = await tx.fittingConsents(seller, recipient, queries, now);
      return fitting.map((consent) => verdictOn(consent, now));
    });
  };
