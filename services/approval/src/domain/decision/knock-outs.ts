/** Rules that decline by themselves when they are broken, most severe first. */
import { percentOfPpm } from '@lianbao/kernel';
import type { DeclineCode } from './decline-codes.ts';
import { declineOf, type EvidenceKind } from './evidence.ts';
import { type Facts, missingEvidence } from './facts.ts';
import { declineOfLimit } from './limits.ts';
import { allInPpm } from './offer.ts';
import { classOfGrade } from './policy.ts';
import { broken, holdsUnless, type Rule, shown } from './rule.ts';

export type KnockOutId =
  | 'credit.consent'
  | 'credit.blocked'
  | 'credit.score_cutoff'
  | 'credit.purpose'
  | 'product.amount'
  | 'product.term'
  | 'credit.limit_minimum'
  | 'rate.all_in_max';

export const knockOuts: Readonly<Record<KnockOutId, Rule>> = {
  'credit.consent': refusalRule('credit.consent', 'CONSENT_INSUFFICIENT'),
  'credit.blocked': refusalRule('credit.blocked', 'BLOCKED'),
  'credit.score_cutoff': {
    effect: 'KNOCK_OUT',
    fact: 'score.grade',
    find: ({ facts, score }) => {
      const reasons = broken('SCORE_BELOW_CUTOFF', 'credit.score_cutoff');
      const noes = noesWith(facts, 'SCORE_BELOW_CUTOFF');
      if (noes.length > 0) {
        return { verdict: 'BROKEN', value: noes.join(' '), threshold: 'C3', reasons };
      }
      if (score === undefined) return { verdict: 'UNKNOWN', threshold: 'C3' };
      return {
        verdict: holdsUnless(classOfGrade(score.grade) === 'D'),
        value: score.grade,
        threshold: 'C3',
        reasons: [...reasons, ...score.reasons],
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
    fact: 'limits.least',
    find: ({ limits, product: { amountMinFen } }) => {
      const tooLow = limits.amountFen < amountMinFen;
      const code = declineOfLimit[limits.binding.code];
      return {
        // Another line can only lower it, so what is known may say no, but not yes.
        verdict: tooLow ? 'BROKEN' : limits.unknown.length > 0 ? 'UNKNOWN' : 'HOLDS',
        value: `${limits.binding.code} ${shown(limits.amountFen)}`,
        threshold: shown(amountMinFen),
        missing: 'score.suggestedLimit',
        reasons: broken(code, 'credit.limit_minimum'),
      };
    },
  },
  'rate.all_in_max': {
    effect: 'KNOCK_OUT',
    fact: 'offer.allInRate',
    find: ({ offer, price, limits, product, policy }) => {
      const threshold = percentOfPpm(policy.rate.allInMaxPpm);
      const missing = 'score.pdPpm';
      if (price === undefined) return { verdict: 'UNKNOWN', threshold, missing };
      // Nothing to price: the limit has its own rule.
      if (limits.amountFen < product.amountMinFen) return { verdict: 'HOLDS', threshold };
      if (offer === undefined) return { verdict: 'UNKNOWN', threshold, missing };
      const ratePpm = allInPpm(offer.terms);
      return {
        verdict: holdsUnless(ratePpm > policy.rate.allInMaxPpm),
        value: percentOfPpm(ratePpm),
        threshold,
        reasons: broken('PRICE_ABOVE_CAP', 'rate.all_in_max'),
      };
    },
  },
};

/** A knock-out by an answer that means no, such as CONSENT_MISSING. */
function refusalRule(rule: KnockOutId, code: DeclineCode): Rule {
  return {
    effect: 'KNOCK_OUT',
    fact: 'score.refusals',
    find: ({ facts }) => {
      if (missingEvidence(facts).length > 0) return { verdict: 'UNKNOWN' };
      const refused = refusalsIn(facts);
      return {
        verdict: holdsUnless(noesWith(facts, code).length > 0),
        value: refused.map(({ reason }) => reason).join(' '),
        reasons: broken(code, rule),
      };
    },
  };
}

const noesWith = (facts: Facts, code: DeclineCode): readonly string[] =>
  refusalsIn(facts).flatMap(({ reason, decline }) => (decline === code ? [reason] : []));

/** Each refusal with its decline code; undefined: a want of data. */
function refusalsIn({ evidence }: Facts) {
  return Object.entries(evidence).flatMap(([kind, answer]) =>
    answer.state === 'REFUSED'
      ? answer.refusals.map((refusal) => ({
          reason: refusal.reason,
          decline: declineOf(kind as EvidenceKind, refusal),
        }))
      : [],
  );
}
