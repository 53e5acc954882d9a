import type { Act, Answer, Origin } from '@lianbao/kernel';
import { type Consent, expire, withdraw } from '../domain/consent.ts';
import type { ConsentName } from '../domain/names.ts';
import { refusals } from '../domain/refusals.ts';
import type { Dependencies } from './dependencies.ts';
import { originOf } from './origin.ts';
import type { Transaction } from './ports.ts';

/** Stops new use at once. Never refused: one that has ended stays as it is. */
export const withdrawConsent =
  ({ store, clock }: Dependencies) =>
  (act: Act<Consent>, name: ConsentName): Promise<Answer> => {
    const now = clock();
    return store.once(act, now, async (tx) => {
      const consent = await tx.lockConsent(name);
      if (consent === undefined) throw refusals.NAME_UNKNOWN({ name });
      const withdrawn = withdraw(consent, now);
      if (withdrawn === consent) return consent;
      await tx.saveConsent(consent, withdrawn);
      await tx.clearTimer('CONSENT_EXPIRY', name);
      await tx.say(originOf(act, now), { type: 'ConsentWithdrawn', consent: withdrawn });
      return withdrawn;
    });
  };

/** What the timer does at the consent's end. */
export async function expireConsent(
  tx: Transaction,
  name: ConsentName,
  origin: Origin,
): Promise<void> {
  const consent = await tx.lockConsent(name);
  const expired = consent && expire(consent, origin.time);
  if (consent === undefined || expired === undefined) return;
  await tx.saveConsent(consent, expired);
  await tx.say(origin, { type: 'ConsentExpired', consent: expired });
}
