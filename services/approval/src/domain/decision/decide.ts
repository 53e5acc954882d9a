/**
 * The automatic decision. Pure: facts, product and policy come in, so it can be made again years later
 * from what was recorded and compared byte by byte. DECLINED beats REFERRED beats APPROVED.
 */
import type { Instalment } from '@lianbao/loan-math';
import { canonicalText } from './canonical.ts';
import { type Case, caseOf } from './case.ts';
import { type Facts, factsHash, type VersionRef } from './facts.ts';
import { type LimitCode, type LimitLine, limitLines } from './limits.ts';
import type { OfferTerms } from './offer.ts';
import type { Policy } from './policy.ts';
import { expectedLossFen, type PriceTerm } from './price.ts';
import type { ProductTerms } from './product.ts';
import type { Reason } from './reason.ts';
import type { Effect, Verdict } from './rule.ts';
import { type Findings, findings, type RuleId, rules } from './rules.ts';

export type Outcome = 'APPROVED' | 'DECLINED' | 'REFERRED';

export interface TracedRule {
  /** A rule, or `limit.` and the code of a line of the waterfall. */
  readonly rule: string;
  readonly verdict: Verdict;
  readonly effect: Effect;
  readonly fact: string;
  readonly value: string;
  readonly threshold: string;
}

/** What is recorded of a decision, in canonical JSON. */
export interface DecisionRecord {
  readonly number: number;
  readonly outcome: Outcome;
  readonly mode: 'AUTOMATIC' | 'PERSON';
  /** The policy version, or the person. */
  readonly decider: string;
  /** Absent when a line that could be lower still is not known, or the class is declined. */
  readonly limitFen: bigint | undefined;
  readonly bindingLimit: LimitCode | undefined;
  readonly limits: readonly LimitLine[];
  /** All of them, most important first. */
  readonly reasons: readonly Reason[];
  readonly rules: readonly TracedRule[];
  readonly price: readonly PriceTerm[];
  readonly offer: OfferTerms | undefined;
  readonly expectedLossFen: bigint | undefined;
  readonly product: VersionRef;
  readonly policy: VersionRef;
  readonly modelVersion: string | undefined;
  readonly evidenceHashes: readonly string[];
  readonly factsHash: string;
  readonly decideTime: string;
}

export interface Decided {
  readonly record: DecisionRecord;
  /** Of the offer, when there is one. */
  readonly instalments: readonly Instalment[];
}

export const recordText = (record: DecisionRecord): string => canonicalText(record);

export function decide(facts: Facts, product: ProductTerms, policy: Policy): Decided {
  const it = caseOf(facts, product, policy);
  const found = findings(it);
  const outcome = outcomeOf(facts, found);
  const offer = outcome === 'APPROVED' ? it.offer : undefined;
  const record: DecisionRecord = {
    ...commonRecord(it, found),
    outcome,
    mode: 'AUTOMATIC',
    decider: facts.policy.version,
    reasons: reasonsFor(facts, outcome, found),
    price: it.price ?? [],
    offer: offer?.terms,
    expectedLossFen:
      it.offer && it.score
        ? expectedLossFen(it.offer.terms.principalFen, it.score.pdPpm, policy.credit.lgdBps)
        : undefined,
  };
  return { record, instalments: offer?.instalments ?? [] };
}

/** What an automatic decision and a person's have in common. */
export function commonRecord(it: Case, found: Findings) {
  const { facts, limits } = it;
  const whole = limits.unknown.length === 0 && it.price !== undefined;
  return {
    number: facts.decisionNumber,
    limitFen: whole ? limits.amountFen : undefined,
    bindingLimit: whole ? limits.binding.code : undefined,
    limits: limits.lines,
    rules: [...found.map(traced), ...limitTrace(it)],
    product: facts.product,
    policy: facts.policy,
    modelVersion: it.anyScore?.modelVersion,
    evidenceHashes: Object.values(facts.evidence).map(({ contentHash }) => contentHash),
    factsHash: factsHash(facts),
    decideTime: facts.decideTime,
  };
}

function outcomeOf({ application }: Facts, found: Findings): Outcome {
  if (application.reviewOf !== undefined) return 'REFERRED'; // A person was asked for: nothing declines before.
  const isBroken = (effect: Effect) =>
    found.some(([id, { verdict }]) => rules[id].effect === effect && verdict === 'BROKEN');
  if (isBroken('KNOCK_OUT')) return 'DECLINED';
  const unknown = found.some(([, { verdict }]) => verdict === 'UNKNOWN');
  return isBroken('REFERRAL') || unknown ? 'REFERRED' : 'APPROVED';
}

function reasonsFor({ application }: Facts, outcome: Outcome, found: Findings): readonly Reason[] {
  if (application.reviewOf !== undefined) {
    return [{ code: 'REVIEW_ASKED', rule: 'decision.review' }];
  }
  if (outcome === 'APPROVED') return [];
  const effect = outcome === 'DECLINED' ? 'KNOCK_OUT' : 'REFERRAL';
  const reasons = found.flatMap(([id, { verdict, reasons: why = [] }]) =>
    rules[id].effect === effect && verdict === 'BROKEN' ? why : [],
  );
  return outcome === 'DECLINED' ? distinct(reasons) : [...distinct(reasons), ...unexplained(found)];
}

/** Rules that nobody can judge, unless the reason why there is no good score says it already. */
function unexplained(found: Findings): readonly Reason[] {
  const noGoodScore = found.some(
    ([id, { verdict }]) => scoreGaps.includes(id) && verdict === 'BROKEN',
  );
  return found.flatMap(([id, { verdict, missing }]) => {
    const fact = missing ?? rules[id].fact;
    if (verdict !== 'UNKNOWN' || (noGoodScore && fact.startsWith('score.'))) return [];
    return [{ code: 'FACT_MISSING', rule: id, detail: fact }];
  });
}

const scoreGaps: readonly RuleId[] = [
  'decision.evidence',
  'decision.evidence_refused',
  'decision.score_age',
  'credit.months_with_sales',
  'credit.record_age',
];

function distinct(reasons: readonly Reason[]): readonly Reason[] {
  const byCode = new Map<string, Reason>();
  for (const reason of reasons) {
    const key = `${reason.code} ${reason.detail ?? ''}`;
    if (!byCode.has(key)) byCode.set(key, reason);
  }
  return [...byCode.values()];
}

const traced = ([id, { verdict, value, threshold }]: Findings[number]): TracedRule => ({
  rule: id,
  verdict,
  effect: rules[id].effect,
  fact: rules[id].fact,
  value: value ?? '',
  threshold: threshold ?? '',
});

function limitTrace({ limits }: Case): readonly TracedRule[] {
  return (Object.keys(limitLines) as LimitCode[]).flatMap((code) => {
    const line = limits.lines.find((each) => each.code === code);
    if (line === undefined && !limits.unknown.includes(code)) return [];
    return [
      {
        rule: `limit.${code.toLowerCase()}`,
        verdict: line === undefined ? 'UNKNOWN' : 'HOLDS',
        effect: 'LIMIT',
        fact: code,
        value: line === undefined ? '' : String(line.amountFen),
        threshold: '',
      } as const,
    ];
  });
}
