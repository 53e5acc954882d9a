import { type Act, type Answer, actorOf } from '@lianbao/kernel';
import { platformOf, type SellerName } from '../domain/names.ts';
import { refusals } from '../domain/refusals.ts';
import type { Seller } from '../domain/seller.ts';
import { type Verification, verify } from '../domain/verification.ts';
import type { Dependencies } from './dependencies.ts';
import { originOf } from './origin.ts';
import { isConfidedIn, requireDealings } from './ownership.ts';

/** A bank needs a live consent that names it. The last one recorded counts. It neither waits for a block nor lifts one. */
export const recordVerification =
  ({ store, clock, keyOf }: Dependencies) =>
  (act: Act<Seller>, name: SellerName, verification: Verification): Promise<Answer> => {
    const now = clock();
    const { tenant } = act.caller;
    return store.once(act, now, async (tx) => {
      await requireDealings(tx, act.caller, platformOf(name), act.method);
      if (!(await isConfidedIn(tx, act.caller, name, now))) {
        throw refusals.CALLER_NOT_ALLOWED({ method: act.method, cause: 'CONSENT_MISSING' });
      }
      const seller = await tx.lockSeller(name);
      if (seller === undefined) throw refusals.NAME_UNKNOWN({ name });
      const policy = await tx.policyInForce(now);
      const standing = verify(
        verification,
        policy.verificationMonthsMax,
        (identityNumber) => keyOf(tenant, identityNumber),
        now,
      );
      const verified: Seller = {
        ...seller,
        standing,
        updateTime: now,
        revision: seller.revision + 1n,
      };
      await tx.saveSeller(seller, verified);
      await tx.addVerification(verified, verification, standing.controllers, {
        verifier: actorOf(act.caller),
        policyVersion: policy.version,
        time: now,
      });
      await tx.say(originOf(act, now), { type: 'SellerVerified', seller: verified });
      return verified;
    });
  };
