/** Rules that send an application to a person when they are broken, most important first. */
import { daysBetween } from '@lianbao/kernel';
import { declineOf, type EvidenceKind, evidenceNames } from './evidence.ts';
import { type Facts, missingEvidence } from './facts.ts';
import { classOfGrade } from './policy.ts';
import { broken, holdsUnless, type Rule, shown } from './rule.ts';

export type ReferralId =
  | 'decision.review'
  | 'decision.evidence'
  | 'decision.evidence_refused'
  | 'decision.score_age'
  | 'credit.months_with_sales'
  | 'credit.record_age'
  | 'credit.class_referral'
  | 'decision.automatic_amount';

export const referrals: Readonly<Record<ReferralId, Rule>> = {
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

const wantsOfData = ({ evidence }: Facts, kind: EvidenceKind): readonly string[] => {
  const answer = evidence[kind];
  if (answer?.state !== 'REFUSED') return [];
  const wants = answer.refusals
    .filter((refusal) => declineOf(kind, refusal) === undefined)
    .map(({ reason }) => reason);
  // A refusal without any reason must not look like a yes.
  return answer.refusals.length === 0 ? ['SCORE_REFUSED'] : [...new Set(wants)];
};
