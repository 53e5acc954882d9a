/** One application as the rules look at it, worked out once: limits, price and offer beside the facts. */
import { businessDayOf, type CalendarDate, daysBetween } from '@lianbao/kernel';
import type { ScoreContent } from './evidence.ts';
import type { Facts } from './facts.ts';
import { type Waterfall, waterfall } from './limits.ts';
import { type PricedOffer, priceOffer } from './offer.ts';
import type { Policy } from './policy.ts';
import { type PriceTerm, priceTerms, rateOf } from './price.ts';
import type { ProductTerms } from './product.ts';

export interface Case {
  readonly facts: Facts;
  readonly product: ProductTerms;
  readonly policy: Policy;
  readonly today: CalendarDate;
  /** As it came, however old. */
  readonly anyScore: ScoreContent | undefined;
  /** Undefined when it did not come or is too old for an automatic decision. */
  readonly score: ScoreContent | undefined;
  readonly limits: Waterfall;
  readonly price: readonly PriceTerm[] | undefined;
  readonly offer: PricedOffer | undefined;
}

export function caseOf(facts: Facts, product: ProductTerms, policy: Policy): Case {
  const decideTime = new Date(facts.decideTime);
  const today = businessDayOf(decideTime);
  const answer = facts.evidence.SCORE;
  const anyScore = answer?.state === 'ARRIVED' ? answer.content : undefined;
  const validUntil = answer?.state === 'ARRIVED' ? answer.validUntil : undefined;
  const expired =
    anyScore !== undefined &&
    (daysBetween(anyScore.asOf, today) > policy.decision.scoreAgeDaysMax ||
      (validUntil !== undefined && decideTime.getTime() > Date.parse(validUntil)));
  const score = expired ? undefined : anyScore;
  const recordsSuffice = score !== undefined && recordsOf(score, today, policy);
  const limits = waterfall({ facts, product, policy, score, recordsSuffice });
  const price = score && priceTerms(policy, score);
  const offer =
    price === undefined || limits.amountFen < product.amountMinFen
      ? undefined
      : priceOffer(
          {
            principalFen: limits.amountFen,
            termMonths: facts.application.termMonths,
            repaymentMethod: facts.application.repaymentMethod,
            annualRatePpm: rateOf(price),
            startDate: today,
            conventions: product.conventions,
          },
          policy,
        );
  return { facts, product, policy, today, anyScore, score, limits, price, offer };
}

function recordsOf(score: ScoreContent, today: CalendarDate, { credit }: Policy): boolean {
  const { monthsWithSales, newestRecordDate } = score;
  return (
    monthsWithSales >= credit.monthsWithSalesMin &&
    newestRecordDate !== undefined &&
    daysBetween(newestRecordDate, today) <= credit.recordAgeDaysMax
  );
}
