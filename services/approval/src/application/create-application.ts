import { type Act, type Answer, originOfAct, resourceUid } from '@lianbao/kernel';
import {
  type Application,
  type ApplicationTerms,
  draft,
  platformOf,
} from '../domain/application.ts';
import { canonicalText } from '../domain/decision/canonical.ts';
import { refusals } from '../domain/refusals.ts';
import { productObstacles } from '../domain/submission.ts';
import type { Dependencies } from './dependencies.ts';
import { notOwn } from './ownership.ts';

/** A draft. Refuses a seller of another platform, what the product does not offer, and names in use. */
export const createApplication =
  ({ store, clock }: Dependencies) =>
  (act: Act<Application>, terms: ApplicationTerms): Promise<Answer> => {
    const now = clock();
    if (platformOf(terms.seller) !== platformOf(terms.name)) throw notOwn(act.method);
    requireOwnConsents(terms);
    return store.once(act, now, async (tx) => {
      const { product, policy } = await tx.draftGround(terms.product);
      const [obstacle] = productObstacles(terms, product?.terms);
      if (obstacle !== undefined) throw obstacle;
      if (!product?.terms.repaymentMethods.includes(terms.repaymentMethod)) {
        throw refusals.PRODUCT_NOT_OFFERED({
          product: terms.product,
          method: terms.repaymentMethod,
        });
      }
      const { actionDays } = policy.content.policy.decision;
      const application = draft(terms, resourceUid(tx.tenant, terms.name), now, actionDays);
      const existing = await tx.addApplication(application);
      if (existing !== undefined) throw taken(existing, application);
      if (application.expireTime !== undefined) {
        await tx.setTimer('APPLICATION', application.uid, application.expireTime);
      }
      await tx.note(originOfAct(act, now, terms.name), {
        uid: application.uid,
        name: terms.name,
        content: { state: application.state, terms: canonicalText(termsOf(application)) },
      });
      return application;
    });
  };

function requireOwnConsents({ seller, consents }: ApplicationTerms): void {
  const violations = consents.flatMap((consent, index) =>
    consent.startsWith(`${seller}/consents/`)
      ? []
      : [
          {
            field: `consents[${index}]`,
            reason: 'consent.other_seller',
            description: 'is not a consent of the seller',
          },
        ],
  );
  if (violations.length > 0) throw refusals.FIELD_INVALID({}, { violations });
}

function taken(existing: Application, wanted: Application) {
  if (existing.name !== wanted.name) {
    return refusals.DUPLICATE_EXTERNAL_REFERENCE({ existingName: existing.name });
  }
  const same = canonicalText(termsOf(existing)) === canonicalText(termsOf(wanted));
  return refusals.NAME_TAKEN({ existingName: existing.name, sameContent: String(same) });
}

const termsOf = (application: ApplicationTerms): ApplicationTerms => ({
  name: application.name,
  externalReference: application.externalReference,
  seller: application.seller,
  lender: application.lender,
  product: application.product,
  requestedAmountFen: application.requestedAmountFen,
  termMonths: application.termMonths,
  purposeCode: application.purposeCode,
  repaymentMethod: application.repaymentMethod,
  consents: application.consents,
  reviewOf: application.reviewOf,
});
