import { type Act, type Answer, resourceUid } from '@lianbao/kernel';
import { type Consent, requireConsentTerms } from '../domain/consent.ts';
import { sellerOf } from '../domain/names.ts';
import { refusals } from '../domain/refusals.ts';
import { requireReliable } from '../domain/signature.ts';
import type { Dependencies } from './dependencies.ts';
import { originOf } from './origin.ts';

export type ConsentGiven = Pick<
  Consent,
  | 'name'
  | 'purpose'
  | 'dataKinds'
  | 'recipients'
  | 'form'
  | 'textVersion'
  | 'signature'
  | 'expireTime'
>;

export const createConsent =
  ({ store, clock, signatureProviders }: Dependencies) =>
  (act: Act<Consent>, given: ConsentGiven): Promise<Answer> => {
    const now = clock();
    const seller = sellerOf(given.name);
    const consent: Consent = {
      ...given,
      uid: resourceUid(act.caller.tenant, given.name),
      seller,
      state: 'GRANTED',
      withdrawTime: undefined,
      createTime: now,
      updateTime: now,
      revision: 1n,
    };
    return store.once(act, now, async (tx) => {
      // Inside, for a repeat must get the first answer even when its signature has grown old.
      requireConsentTerms(consent, now);
      requireReliable(consent.signature, seller, signatureProviders, now);
      if ((await tx.seller(seller)) === undefined) throw refusals.NAME_UNKNOWN({ name: seller });
      const [unknown] = await tx.unknownLenders(consent.recipients);
      if (unknown !== undefined) throw refusals.NAME_UNKNOWN({ name: unknown });
      const existing = await tx.addConsent(consent);
      if (existing !== undefined) {
        const sameContent = String(isSame(existing, consent));
        throw refusals.NAME_TAKEN({ existingName: existing.name, sameContent });
      }
      await tx.setTimer('CONSENT_EXPIRY', consent.name, consent.expireTime);
      await tx.say(originOf(act, now), { type: 'ConsentGranted', consent });
      return consent;
    });
  };

const isSame = (a: Consent, b: Consent): boolean =>
  a.purpose === b.purpose &&
  a.form === b.form &&
  a.textVersion === b.textVersion &&
  a.dataKinds.join() === b.dataKinds.join() &&
  a.recipients.join() === b.recipients.join() &&
  a.expireTime.getTime() === b.expireTime.getTime() &&
  a.signature.signedHash === b.signature.signedHash;
