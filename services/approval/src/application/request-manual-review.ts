import { type Act, type Answer, madeUid, originOfAct, resourceUid } from '@lianbao/kernel';
import {
  type Application,
  daysAfter,
  platformOf,
  reviewable,
  type Submitted,
  secondsAfter,
} from '../domain/application.ts';
import { evidenceWanted } from '../domain/decision/product.ts';
import type { DomainEvent } from '../domain/events.ts';
import { refusals } from '../domain/refusals.ts';
import { openObstacles } from '../domain/submission.ts';
import { decideApplication } from './decide-application.ts';
import { monthOf } from './deciding.ts';
import type { Dependencies } from './dependencies.ts';
import type { Transaction } from './ports.ts';
import { type ShownApplication, shown } from './read-applications.ts';

/**
 * A new application with the same frozen inputs, at once with a person (PIPL 24). Its id follows from
 * the reviewed one, so that asking twice is one review. Evidence is asked for anew, for the person.
 */
export const requestManualReview =
  ({ store, clock }: Dependencies) =>
  (act: Act<ShownApplication>, name: string): Promise<Answer> => {
    const now = clock();
    return store.once(act, now, async (tx) => {
      const found = await tx.lockApplication(resourceUid(tx.tenant, name));
      if (found === undefined) throw refusals.NAME_UNKNOWN({ name });
      const reviewName = `${platformOf(name)}/applications/${reviewId(tx, found)}`;
      const existing = await tx.application(reviewName);
      if (existing !== undefined) return shown(tx, existing);
      const reviewed = reviewable(found, now);
      requireNoReview(reviewed);
      await requireInTime(tx, reviewed.decideTime, now);
      return shown(tx, await openReview(tx, act, reviewed, reviewName, now));
    });
  };

const reviewId = (tx: Transaction, { name }: Application): string =>
  madeUid(tx.tenant, name, 'review', 1);

/** A review is a person's answer already; one of it would lead to the next, without end. */
function requireNoReview({ reviewOf }: Submitted): void {
  if (reviewOf !== undefined) throw refusals.STATE_NOT_ALLOWED({ state: 'REVIEWED' });
}

async function requireInTime(tx: Transaction, decideTime: Date, now: Date): Promise<void> {
  const { content } = await tx.policyInForce();
  const last = daysAfter(decideTime, content.policy.decision.reviewDays);
  if (last.getTime() >= now.getTime()) return;
  throw refusals.STATE_NOT_ALLOWED({ state: 'REVIEW_PERIOD_OVER', until: last.toISOString() });
}

async function openReview(
  tx: Transaction,
  act: Act<never>,
  reviewed: Submitted,
  name: string,
  now: Date,
): Promise<Submitted> {
  const { frozen } = reviewed;
  const open = await tx.openApplication(frozen.legalPersonKey, reviewed.product);
  const [obstacle] = openObstacles(reviewed, open);
  if (obstacle !== undefined) throw obstacle;
  const { content } = await tx.policyInForce();
  const review: Submitted = {
    ...reviewed,
    uid: resourceUid(tx.tenant, name),
    name,
    externalReference: undefined,
    reviewOf: reviewed.name,
    state: 'SUBMITTED',
    round: 1,
    revision: 1n,
    evidenceDueTime: secondsAfter(now, content.policy.decision.evidenceSecondsMax),
    expireTime: undefined,
    submitTime: now,
    decideTime: undefined,
    decisionNumber: 0,
    reasons: [],
    createTime: now,
    updateTime: now,
  };
  const product = await tx.pinnedProduct(frozen.product);
  const wanted = evidenceWanted(product.terms);
  await tx.addApplication(review);
  await tx.awaitEvidence(review.uid, review.round, wanted);
  const ground = await tx.decidingGround(review.uid, monthOf(now));
  if (ground === undefined) throw new Error(`${name} is not where it was just put`);
  const also: readonly DomainEvent[] = [
    { type: 'ManualReviewRequested', application: reviewed, review: name },
    {
      type: 'ApplicationSubmitted',
      application: review,
      productAmountMinFen: product.terms.amountMinFen,
      evidenceWanted: wanted,
    },
  ];
  return decideApplication(tx, originOfAct(act, now, name), { ground, now, also });
}
