/**
 * A person's yes or no to a referred application (product.md 2.8). The bounds that are law or a fact
 * of the book hold for everybody: the amount asked for, the product's range, the lender's obligor,
 * connected and programme limits, the cap on the all-in rate. The cap by class and the scoring limit
 * are the machine's; a person may go past them within its authority.
 */
import {
  type AuthorityLevel,
  addDays,
  daysBetween,
  percentOfPpm,
  startOfBusinessDay,
} from '@lianbao/kernel';
import { type Case, caseOf } from './decision/case.ts';
import { commonRecord, type Decided } from './decision/decide.ts';
import { declineOf } from './decision/evidence.ts';
import type { Facts, PersonAct } from './decision/facts.ts';
import type { LimitCode } from './decision/limits.ts';
import { allInPpm, type PricedOffer, priceOffer } from './decision/offer.ts';
import {
  type AuthorityLimit,
  type CreditClass,
  classOfGrade,
  isWorseClass,
  type Policy,
} from './decision/policy.ts';
import { expectedLossFen } from './decision/price.ts';
import type { ProductTerms } from './decision/product.ts';
import { findings } from './decision/rules.ts';
import { refusals } from './refusals.ts';
import { amountOutOfRange } from './submission.ts';

type OfferAct = Extract<PersonAct, { kind: 'OFFER' }>;

const bounds: readonly LimitCode[] = ['REQUESTED', 'PRODUCT', 'OBLIGOR', 'CONNECTED', 'PROGRAMME'];

/** Throws a refusal where the person may not decide so; otherwise total, like `decide`. */
export function decideByPerson(facts: Facts, product: ProductTerms, policy: Policy): Decided {
  const { act } = facts;
  if (act === undefined) throw new TypeError('these facts hold no act of a person');
  const it = caseOf(facts, product, policy);
  const common = {
    ...commonRecord(it, findings(it)),
    mode: 'PERSON' as const,
    decider: act.person,
    price: [],
  };
  if (act.kind === 'DECLINE') {
    requireAuthority(it, act.level, facts.application.requestedAmountFen, undefined);
    const reasons = act.reasonCodes.map((code) => ({ code, rule: 'person' }));
    const record = {
      ...common,
      outcome: 'DECLINED' as const,
      reasons,
      offer: undefined,
      expectedLossFen: undefined,
    };
    return { record, instalments: [] };
  }
  requireInRange(it, act);
  requireScore(it);
  requireAuthority(it, act.level, act.principalFen, 'D'); // Unknown counts as the worst.
  const offer = offerWithinCap(it, act);
  const record = {
    ...common,
    outcome: 'APPROVED' as const,
    reasons: [],
    offer: offer.terms,
    expectedLossFen:
      it.anyScore && expectedLossFen(act.principalFen, it.anyScore.pdPpm, policy.credit.lgdBps),
  };
  return { record, instalments: offer.instalments };
}

function requireInRange({ facts, product, limits }: Case, act: OfferAct): void {
  const { product: name } = facts.application;
  const most = limits.lines
    .filter(({ code }) => bounds.includes(code))
    .reduce((low, { amountFen }) => (amountFen < low ? amountFen : low), product.amountMaxFen);
  if (act.principalFen < product.amountMinFen || act.principalFen > most) {
    throw amountOutOfRange(name, product.amountMinFen, most);
  }
  const { termMonthsMin, termMonthsMax } = product;
  if (act.termMonths < termMonthsMin || act.termMonths > termMonthsMax) {
    const range = { min: String(termMonthsMin), max: String(termMonthsMax) };
    throw refusals.TERM_OUT_OF_RANGE({ product: name, ...range });
  }
  if (!product.repaymentMethods.includes(act.repaymentMethod)) {
    throw refusals.PRODUCT_NOT_OFFERED({ product: name, method: act.repaymentMethod });
  }
}

/**
 * A score that has not come yet is waited for. One that was refused for want of data will not come:
 * then the person decides on what the bank knows itself. A refusal that means no is no one's to lift.
 */
function requireScore({ facts, anyScore, today, policy }: Case): void {
  const { name } = facts.application;
  if (facts.evidence.SCORE === undefined && facts.awaited.includes('SCORE')) {
    throw refusals.SCORE_MISSING({ application: name });
  }
  const answer = facts.evidence.SCORE;
  if (answer?.state === 'REFUSED') {
    const noes = answer.refusals.map((refusal) => declineOf('SCORE', refusal));
    if (noes.includes('CONSENT_INSUFFICIENT'))
      throw refusals.CONSENT_MISSING({ application: name });
    if (noes.includes('BLOCKED')) throw refusals.SELLER_BLOCKED({ application: name });
    if (noes.some(Boolean)) throw refusals.SCORE_MISSING({ application: name });
  }
  const { scorePersonDaysMax } = policy.decision;
  if (anyScore !== undefined && daysBetween(anyScore.asOf, today) > scorePersonDaysMax) {
    const firstDayAfter = startOfBusinessDay(addDays(anyScore.asOf, scorePersonDaysMax + 1));
    throw refusals.SCORE_EXPIRED({ application: name, expireTime: firstDayAfter.toISOString() });
  }
}

/** The level has to cover amount, connected exposure with this loan, and class. */
function requireAuthority(
  { facts, policy, anyScore }: Case,
  level: AuthorityLevel,
  amountFen: bigint,
  unknownClass: CreditClass | undefined,
): void {
  const limit = policy.authority[level];
  const creditClass = (anyScore && classOfGrade(anyScore.grade)) ?? unknownClass;
  const exceeded = exceededBy(limit, amountFen, facts.exposure.connectedFen, creditClass);
  if (exceeded !== undefined) throw refusals.AUTHORITY_EXCEEDED({ level, limit: exceeded });
}

function exceededBy(
  { amountMaxFen, connectedExposureMaxFen, worstClass }: AuthorityLimit,
  amountFen: bigint,
  connectedFen: bigint,
  creditClass: CreditClass | undefined,
): string | undefined {
  if (amountFen > amountMaxFen) return 'AMOUNT';
  if (connectedFen + amountFen > connectedExposureMaxFen) return 'CONNECTED_EXPOSURE';
  if (creditClass !== undefined && isWorseClass(creditClass, worstClass)) return 'CLASS';
  return undefined;
}

function offerWithinCap({ product, policy, today }: Case, act: OfferAct): PricedOffer {
  const { principalFen, termMonths, repaymentMethod, annualRatePpm } = act;
  const { conventions } = product;
  const offer = priceOffer(
    { principalFen, termMonths, repaymentMethod, annualRatePpm, startDate: today, conventions },
    policy,
  );
  if (offer === undefined) throw refusals.RATE_NOT_UNIQUE();
  const allIn = allInPpm(offer.terms);
  const cap = policy.rate.allInMaxPpm;
  if (allIn > cap) {
    throw refusals.RATE_OVER_CAP({ allInRate: percentOfPpm(allIn), cap: percentOfPpm(cap) });
  }
  return offer;
}
