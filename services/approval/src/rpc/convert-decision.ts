/** Decisions, their explanation and offers on the wire. */
import type { MessageInitShape } from '@bufbuild/protobuf';
import {
  type DecisionExplanationSchema,
  DecisionMode,
  type DecisionSchema,
  type OfferSchema,
  type ReplayDecisionResponseSchema,
  OfferState as WireOfferState,
  DecisionOutcome as WireOutcome,
} from '@lianbao/api/lianbao/approval/v1/approval_service_pb';
import { toDate, toDecimal, toMoney, toTimestamp } from '@lianbao/grpc';
import { fen, resourceUid, type Tenant } from '@lianbao/kernel';
import type { StoredRecord } from '../application/ports.ts';
import type { DecisionRecord, Outcome } from '../domain/decision/decide.ts';
import { explainRules, limitShown, ownBookLimits, summaryOf } from '../domain/decision/explain.ts';
import { reasonsShownMax } from '../domain/decision/reason.ts';
import type { Difference } from '../domain/difference.ts';
import type { Offer, OfferState } from '../domain/offer.ts';
import { toReason } from './convert-application.ts';
import { toConventions, wireMethods } from './convert-terms.ts';

const wireOutcomes: Readonly<Record<Outcome, WireOutcome>> = {
  APPROVED: WireOutcome.APPROVED,
  DECLINED: WireOutcome.DECLINED,
  REFERRED: WireOutcome.REFERRED,
};

export const toOutcome = (outcome: Outcome): WireOutcome => wireOutcomes[outcome];

const wireModes: Readonly<Record<DecisionRecord['mode'], DecisionMode>> = {
  AUTOMATIC: DecisionMode.AUTOMATIC,
  PERSON: DecisionMode.PERSON,
};

const wireOfferStates: Readonly<Record<OfferState, WireOfferState>> = {
  OPEN: WireOfferState.OPEN,
  REPLACED: WireOfferState.REPLACED,
  EXPIRED: WireOfferState.EXPIRED,
  WITHDRAWN: WireOfferState.WITHDRAWN,
};

export interface Viewer {
  readonly tenant: Tenant;
  /** The lender's own book is shown to the lender and the operator. */
  readonly showsBook: boolean;
}

export function toDecision(
  { facts, record }: StoredRecord,
  { tenant, showsBook }: Viewer,
): MessageInitShape<typeof DecisionSchema> {
  const name = `${facts.application.name}/decisions/${record.number}`;
  const { expectedLossFen } = record;
  const limitFen = limitShown(record, showsBook);
  const limits = record.limits.filter(({ code }) => showsBook || !ownBookLimits.includes(code));
  return {
    name,
    uid: resourceUid(tenant, name),
    application: facts.application.name,
    number: record.number,
    lender: facts.lender.name,
    outcome: wireOutcomes[record.outcome],
    mode: wireModes[record.mode],
    decider: record.decider,
    ...(limitFen === undefined ? {} : { limit: toMoney(fen(limitFen)) }),
    bindingLimit: record.bindingLimit ?? '',
    limits: limits.map(({ code, amountFen }) => ({ code, amount: toMoney(fen(amountFen)) })),
    reasons: record.reasons.slice(0, reasonsShownMax).map(toReason),
    ...(expectedLossFen === undefined ? {} : { expectedLoss: toMoney(fen(expectedLossFen)) }),
    policyVersion: record.policy.version,
    policyHash: record.policy.hash,
    modelVersion: record.modelVersion ?? '',
    evidenceHashes: [...record.evidenceHashes],
    factsHash: record.factsHash,
    decideTime: toTimestamp(new Date(record.decideTime)),
  };
}

export function toExplanation(
  stored: StoredRecord,
  viewer: Viewer,
): MessageInitShape<typeof DecisionExplanationSchema> {
  const { record } = stored;
  const [summaryZh, summaryEn] = summaryOf(record);
  return {
    decision: toDecision(stored, viewer),
    rules: explainRules(record, viewer.showsBook).map((rule) => ({
      rule: rule.rule,
      verdict: rule.verdict,
      effect: rule.effect,
      fact: rule.fact,
      value: rule.value,
      threshold: rule.threshold,
      textZh: rule.textZh,
      textEn: rule.textEn,
    })),
    price: record.price.map(({ code, ratePpm }) => ({ code, ratePpm })),
    summaryZh,
    summaryEn,
  };
}

export const toReplay = (
  differences: readonly Difference[],
): MessageInitShape<typeof ReplayDecisionResponseSchema> => ({
  identical: differences.length === 0,
  differences: [...differences],
});

export const toOffer = ({
  terms,
  instalments,
  ...offer
}: Offer): MessageInitShape<typeof OfferSchema> => ({
  name: offer.name,
  uid: offer.uid,
  state: wireOfferStates[offer.state],
  lender: offer.lender,
  principal: toMoney(fen(terms.principalFen)),
  termMonths: terms.termMonths,
  repaymentMethod: wireMethods[terms.repaymentMethod],
  annualRate: toDecimal(terms.annualRatePpm),
  lprMonth: terms.lprMonth,
  spreadBps: terms.spreadBps,
  allInSimpleRate: toDecimal(terms.allInSimplePpm),
  allInCompoundRate: toDecimal(terms.allInCompoundPpm),
  conventions: toConventions(terms.conventions),
  instalments: instalments.map(({ number, dueDate, principal, interest, total }) => ({
    number,
    dueDate: toDate(dueDate),
    principal: toMoney(principal),
    interest: toMoney(interest),
    total: toMoney(total),
  })),
  totalInterest: toMoney(fen(terms.totalInterestFen)),
  replacedBy: offer.replacedBy ?? '',
  createTime: toTimestamp(offer.createTime),
  expireTime: toTimestamp(offer.expireTime),
  etag: String(offer.revision),
});
