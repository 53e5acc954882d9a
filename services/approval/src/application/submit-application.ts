import { type Act, type Answer, businessDayOf, originOfAct } from '@lianbao/kernel';
import {
  type Application,
  requireEtag,
  requireState,
  secondsAfter,
  submit,
} from '../domain/application.ts';
import { evidenceWanted } from '../domain/decision/product.ts';
import { refusals } from '../domain/refusals.ts';
import {
  freeze,
  lenderObstacles,
  openObstacles,
  productObstacles,
  type Standing,
  standingObstacles,
} from '../domain/submission.ts';
import type { Dependencies } from './dependencies.ts';
import type { SubmissionGround, Transaction } from './ports.ts';
import { type ShownApplication, shown } from './read-applications.ts';
import { type Asked, asked, askStanding } from './standing.ts';

/** Freezes the inputs and asks for all evidence at once, with a deadline. */
export const submitApplication =
  ({ store, party, clock }: Dependencies) =>
  async (act: Act<ShownApplication>, name: string): Promise<Answer> => {
    const ground = await store.submissionGround(act.caller, name);
    const { application, lender: view } = ground;
    if (application === undefined) throw refusals.NAME_UNKNOWN({ name });
    // Other services are asked first: no call over the network happens inside a transaction.
    const asking = { tenant: act.caller.tenant, now: clock(), signal: act.signal };
    const standing = await asked(askStanding(party, application, view, asking));
    const now = clock();
    return store.once(act, now, (tx) => submitIn(tx, act, ground, application, standing, now));
  };

async function submitIn(
  tx: Transaction,
  act: Act<ShownApplication>,
  { product }: SubmissionGround,
  { uid, name, product: asked }: Application,
  standing: Asked<Standing>,
  now: Date,
): Promise<ShownApplication> {
  const sought = { legalPersonKey: standing.known?.seller.legalPersonKey, product: asked };
  const { application, open, policy } = await tx.lockDraft(uid, sought);
  if (application === undefined) throw refusals.NAME_UNKNOWN({ name });
  requireEtag(name, application.revision, act.etag);
  requireState(application, 'SUBMIT', now);
  const [unfit] = productObstacles(application, product?.terms);
  if (unfit !== undefined || product === undefined) {
    throw unfit ?? refusals.PRODUCT_NOT_OFFERED({ product: application.product });
  }
  const known = standing.get();
  const today = businessDayOf(now);
  const [obstacle] = [
    ...standingObstacles(application, known, today),
    ...lenderObstacles(application, known.lender),
    ...openObstacles(application, open),
  ];
  if (obstacle !== undefined) throw obstacle;

  const { version, content } = policy;
  const productRef = { version: product.name, hash: product.hash };
  const policyRef = { version, hash: content.hash };
  const frozen = freeze(application, known, productRef, policyRef, today);
  const due = secondsAfter(now, content.policy.decision.evidenceSecondsMax);
  const submitted = submit(application, frozen, due, now);
  const wanted = evidenceWanted(product.terms);
  await tx.saveSubmission(application, submitted, wanted);
  await tx.setTimer('APPLICATION', uid, due);
  await tx.say(originOfAct(act, now, name), {
    type: 'ApplicationSubmitted',
    application: submitted,
    productAmountMinFen: product.terms.amountMinFen,
    evidenceWanted: wanted,
  });
  return shown(tx, submitted);
}
