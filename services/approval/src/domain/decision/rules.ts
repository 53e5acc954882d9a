/**
 * The rules of the first policy, most severe first (decisions.md 3). Each says HOLDS, BROKEN or, when
 * a fact it needs is missing or too old, UNKNOWN. A broken knock-out declines; a broken referral, and
 * an unknown rule of any kind, sends the application to a person. All rules are evaluated, always.
 */
import {
  businessDayOf,
  type CalendarDate,
  daysBetween,
  formatMoney,
  fen as moneyOfFen,
  percentOfPpm,
} from '@lianbao/kernel';
import {
  declineOfRefusal,
  type EvidenceKind,
  evidenceNames,
  type ScoreContent,
} from './evidence.ts';
import { type Facts, missingEvidence } from './facts.ts';
import { declineOfLimit, type Waterfall, waterfall } from './limits.ts';
import { allInPpm, type PricedOffer, priceOffer } from './offer.ts';
import { classOfGrade, type Policy } from './policy.ts';
import { type PriceTerm, priceTerms, rateOf } from './price.ts';
import type { ProductTerms } from './product.ts';
import type { Reason } from './reason.ts';

export type Verdict = 'HOLDS' | 'BROKEN' | 'UNKNOWN';
export type Effect = 'KNOCK_OUT' | 'REFERRAL' | 'LIMIT';

export type RuleId =
  | 'credit.consent'
  | 'credit.blocked'
  | 'credit.score_cutoff'
  | 'credit.purpose'
  | 'product.amount'
  | 'product.term'
  | 'credit.limit_minimum'
  | 'rate.all_in_max'
  | 'decision.review'
  | 'decision.evidence'
  | 'decision.evidence_refused'
  | 'decision.score_age'
  | 'credit.months_with_sales'
  | 'credit.record_age'
  | 'credit.class_referral'
  | 'decision.automatic_amount';

/** Everything the rules look at, worked out once. */
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

export interface Finding {
  readonly verdict: Verdict;
  readonly value?: string;
  readonly threshold?: string;
  /** The fact that is missing, where it is another one than the rule's own. */
  readonly missing?: string;
  /** Why it is broken. */
  readonly reasons?: readonly Reason[];
}

export interface Rule {
  readonly effect: Effect;
  /** The fact it rests on; those of a score begin with `score.`. */
  readonly fact: string;
  readonly find: (it: Case) => Finding;
}

const broken = (code: string, rule: RuleId, detail?: string): readonly Reason[] => [
  detail === undefined ? { code, rule } : { code, rule, detail },
];
const holdsUnless = (bad: boolean): Verdict => (bad ? 'BROKEN' : 'HOLDS');
const shown = (amountFen: bigint): string => formatMoney(moneyOfFen(amountFen));

export const rules: Readonly<Record<RuleId, Rule>> = {
  'credit.consent': refusalRule('credit.consent', 'CONSENT_INSUFFICIENT'),
  'credit.blocked': refusalRule('credit.blocked', 'BLOCKED'),
  'credit.score_cutoff': {
    effect: 'KNOCK_OUT',
    fact: 'score.grade',
    find: ({ score }) => {
      if (score === undefined) return { verdict: 'UNKNOWN', threshold: 'C3' };
      return {
        verdict: holdsUnless(classOfGrade(score.grade) === 'D'),
        value: score.grade,
        threshold: 'C3',
        reasons: [...broken('SCORE_BELOW_CUTOFF', 'credit.score_cutoff'), ...score.reasons],
      };
    },
  },
  'credit.purpose': {
    effect: 'KNOCK_OUT',
    fact: 'application.purposeCode',
    find: ({ facts, product, policy }) => {
      const { purposeCode } = facts.application;
      const allowed = policy.credit.purposes.filter((each) => product.purposes.includes(each));
      return {
        verdict: holdsUnless(!allowed.includes(purposeCode)),
        value: purposeCode,
        threshold: allowed.join(' '),
        reasons: broken('PURPOSE_EXCLUDED', 'credit.purpose'),
      };
    },
  },
  'product.amount': {
    effect: 'KNOCK_OUT',
    fact: 'application.requestedAmount',
    find: ({ facts, product: { amountMinFen, amountMaxFen } }) => {
      const { requestedAmountFen } = facts.application;
      return {
        verdict: holdsUnless(
          requestedAmountFen < amountMinFen || requestedAmountFen > amountMaxFen,
        ),
        value: shown(requestedAmountFen),
        threshold: `${shown(amountMinFen)} - ${shown(amountMaxFen)}`,
        reasons: broken('AMOUNT_UNSUPPORTED', 'product.amount'),
      };
    },
  },
  'product.term': {
    effect: 'KNOCK_OUT',
    fact: 'application.termMonths',
    find: ({ facts, product: { termMonthsMin, termMonthsMax } }) => {
      const { termMonths } = facts.application;
      return {
        verdict: holdsUnless(termMonths < termMonthsMin || termMonths > termMonthsMax),
        value: String(termMonths),
        threshold: `${termMonthsMin} - ${termMonthsMax}`,
        reasons: broken('TERM_UNSUPPORTED', 'product.term'),
      };
    },
  },
  'credit.limit_minimum': {
    effect: 'KNOCK_OUT',
    fact: 'score.suggestedLimit',
    find: ({ limits, product: { amountMinFen } }) => {
      const tooLow = limits.amountFen < amountMinFen;
      const code = declineOfLimit[limits.binding.code];
      const capitalUnknown = limits.unknown.includes('OBLIGOR');
      return {
        // Another line can only lower it, so what is known may say no, but not yes.
        verdict: tooLow ? 'BROKEN' : limits.unknown.length > 0 ? 'UNKNOWN' : 'HOLDS',
        value: `${limits.binding.code} ${shown(limits.amountFen)}`,
        threshold: shown(amountMinFen),
        ...(capitalUnknown ? { missing: 'lender.capital' } : {}),
        reasons: broken(code, 'credit.limit_minimum'),
      };
    },
  },
  'rate.all_in_max': {
    effect: 'KNOCK_OUT',
    fact: 'score.pdPpm',
    find: ({ offer, price, limits, product, policy }) => {
      const threshold = percentOfPpm(policy.rate.allInMaxPpm);
      if (price === undefined) return { verdict: 'UNKNOWN', threshold };
      // Nothing to price: the limit has its own rule.
      if (limits.amountFen < product.amountMinFen) return { verdict: 'HOLDS', threshold };
      if (offer === undefined) return { verdict: 'UNKNOWN', threshold };
      const ratePpm = allInPpm(offer.terms);
      return {
        verdict: holdsUnless(ratePpm > policy.rate.allInMaxPpm),
        value: percentOfPpm(ratePpm),
        threshold,
        reasons: broken('PRICE_ABOVE_CAP', 'rate.all_in_max'),
      };
    },
  },
  'decision.review': {
    effect: 'REFERRAL',
    fact: 'application.reviewOf',
    find: ({ facts: { application } }) => ({
      verdict: holdsUnless(application.reviewOf !== undefined),
      value: application.reviewOf ?? '',
      reasons: broken('REVIEW_ASKED', 'decision.review'),
    }),
  },
  'decision.evidence': {
    effect: 'REFERRAL',
    fact: 'evidence',
    find: ({ facts }) => {
      const missing = missingEvidence(facts);
      return {
        verdict: holdsUnless(missing.length > 0),
        value: missing.join(' '),
        threshold: facts.awaited.join(' '),
        reasons: missing.flatMap((kind) =>
          broken('EVIDENCE_MISSING', 'decision.evidence', evidenceNames[kind].join(' ')),
        ),
      };
    },
  },
  'decision.evidence_refused': {
    effect: 'REFERRAL',
    fact: 'evidence',
    find: ({ facts }) => {
      const wants = Object.keys(facts.evidence).flatMap((kind) =>
        wantsOfData(facts, kind as EvidenceKind),
      );
      return {
        verdict: holdsUnless(wants.length > 0),
        value: wants.join(' '),
        reasons: wants.flatMap((code) => broken(code, 'decision.evidence_refused')),
      };
    },
  },
  'decision.score_age': {
    effect: 'REFERRAL',
    fact: 'score.asOf',
    find: ({ anyScore, score, today, policy }) => {
      const threshold = String(policy.decision.scoreAgeDaysMax);
      if (anyScore === undefined) return { verdict: 'UNKNOWN', threshold };
      return {
        verdict: holdsUnless(score === undefined),
        value: String(daysBetween(anyScore.asOf, today)),
        threshold,
        reasons: broken('SCORE_EXPIRED', 'decision.score_age'),
      };
    },
  },
  'credit.months_with_sales': {
    effect: 'REFERRAL',
    fact: 'score.monthsWithSales',
    find: ({ score, policy }) => {
      const least = policy.credit.monthsWithSalesMin;
      if (score === undefined) return { verdict: 'UNKNOWN', threshold: String(least) };
      return {
        verdict: holdsUnless(score.monthsWithSales < least),
        value: String(score.monthsWithSales),
        threshold: String(least),
        reasons: broken('RECORDS_TOO_THIN', 'credit.months_with_sales'),
      };
    },
  },
  'credit.record_age': {
    effect: 'REFERRAL',
    fact: 'score.newestRecordDate',
    find: ({ score, today, policy }) => {
      const threshold = String(policy.credit.recordAgeDaysMax);
      if (score?.newestRecordDate === undefined) return { verdict: 'UNKNOWN', threshold };
      const days = daysBetween(score.newestRecordDate, today);
      return {
        verdict: holdsUnless(days > policy.credit.recordAgeDaysMax),
        value: String(days),
        threshold,
        reasons: broken('RECORDS_STALE', 'credit.record_age'),
      };
    },
  },
  'credit.class_referral': {
    effect: 'REFERRAL',
    fact: 'score.grade',
    find: ({ score, policy }) => {
      const creditClass = score && classOfGrade(score.grade);
      if (creditClass === undefined) return { verdict: 'UNKNOWN' };
      const refer = creditClass !== 'D' && policy.credit.classes[creditClass].refer;
      return {
        verdict: holdsUnless(refer),
        value: creditClass,
        reasons: broken('CLASS_REFERRED', 'credit.class_referral'),
      };
    },
  },
  'decision.automatic_amount': {
    effect: 'REFERRAL',
    // The amount asked for, not the one offered: a higher limit must not turn a yes into a question.
    fact: 'application.requestedAmount',
    find: ({ facts, policy }) => ({
      verdict: holdsUnless(
        facts.application.requestedAmountFen > policy.decision.automaticAmountMaxFen,
      ),
      value: shown(facts.application.requestedAmountFen),
      threshold: shown(policy.decision.automaticAmountMaxFen),
      reasons: broken('AMOUNT_ABOVE_AUTOMATIC', 'decision.automatic_amount'),
    }),
  },
};

/** A knock-out by an answer that means no, such as CONSENT_MISSING. */
function refusalRule(rule: RuleId, code: string): Rule {
  return {
    effect: 'KNOCK_OUT',
    fact: 'score.refusals',
    find: ({ facts }) => {
      if (missingEvidence(facts).length > 0) return { verdict: 'UNKNOWN' };
      const refused = refusedCodes(facts);
      return {
        verdict: holdsUnless(refused.some(([, decline]) => decline === code)),
        value: refused.map(([reason]) => reason).join(' '),
        reasons: broken(code, rule),
      };
    },
  };
}

/** Each refusal with its decline code; undefined: a want of data. */
function refusedCodes({ evidence }: Facts): readonly (readonly [string, string | undefined])[] {
  return Object.entries(evidence).flatMap(([kind, answer]) =>
    answer.state === 'REFUSED'
      ? answer.refusals.map(
          ({ reason }) => [reason, declineOfRefusal[kind as EvidenceKind][reason]] as const,
        )
      : [],
  );
}

const wantsOfData = ({ evidence }: Facts, kind: EvidenceKind): readonly string[] => {
  const answer = evidence[kind];
  if (answer?.state !== 'REFUSED') return [];
  const wants = answer.refusals
    .map(({ reason }) => reason)
    .filter((reason) => declineOfRefusal[kind][reason] === undefined);
  // A refusal without any reason must not look like a yes.
  return answer.refusals.length === 0 ? ['SCORE_REFUSED'] : [...new Set(wants)];
};

/** Works out limits, price and offer for the rules. */
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
