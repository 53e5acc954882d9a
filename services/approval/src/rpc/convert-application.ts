/** Applications, evidence and reasons between the wire and the domain. */
import type { MessageInitShape } from '@bufbuild/protobuf';
import {
  type ApplicationSchema,
  type CheckEligibilityRequest,
  type CheckEligibilityResponseSchema,
  type CreateApplicationRequest,
  type EvidenceSchema,
  EvidenceKind as WireEvidenceKind,
  EvidenceState as WireEvidenceState,
  ApplicationState as WireState,
} from '@lianbao/api/lianbao/approval/v1/approval_service_pb';
import {
  ActorKind,
  type PendingActionSchema,
  type ReasonSchema,
} from '@lianbao/api/lianbao/kernel/v1/kernel_pb';
import { fieldInvalid, readMoney, toMoney, toTimestamp } from '@lianbao/grpc';
import { fen, type Refusal } from '@lianbao/kernel';
import type { Eligibility } from '../application/check-eligibility.ts';
import type { EvidenceRow } from '../application/ports.ts';
import type { ShownApplication } from '../application/read-applications.ts';
import {
  type Application,
  type ApplicationState,
  type ApplicationTerms,
  platformOf,
} from '../domain/application.ts';
import type { EvidenceAnswer, EvidenceKind } from '../domain/decision/evidence.ts';
import { type Reason, textsOf } from '../domain/decision/reason.ts';
import type { AskedTerms } from '../domain/submission.ts';
import { readRepaymentMethod, wireMethods } from './convert-terms.ts';

const wireStates: Readonly<Record<ApplicationState, WireState>> = {
  DRAFT: WireState.DRAFT,
  SUBMITTED: WireState.SUBMITTED,
  REFERRED: WireState.REFERRED,
  APPROVED: WireState.APPROVED,
  DECLINED: WireState.DECLINED,
  WITHDRAWN: WireState.WITHDRAWN,
  EXPIRED: WireState.EXPIRED,
};

export const toApplicationState = (state: ApplicationState): WireState => wireStates[state];

export const readApplicationStates = (
  states: readonly WireState[],
): readonly ApplicationState[] => {
  const known = Object.keys(wireStates) as ApplicationState[];
  return known.filter((state) => states.includes(wireStates[state]));
};

export const wireEvidenceKinds: Readonly<Record<EvidenceKind, WireEvidenceKind>> = {
  SCORE: WireEvidenceKind.SCORE,
};

const wireEvidenceStates: Readonly<Record<EvidenceRow['state'], WireEvidenceState>> = {
  AWAITED: WireEvidenceState.AWAITED,
  ARRIVED: WireEvidenceState.ARRIVED,
  REFUSED: WireEvidenceState.REFUSED,
  LATE: WireEvidenceState.LATE,
};

export function readApplicationTerms(request: CreateApplicationRequest): ApplicationTerms {
  return {
    name: `${request.parent}/applications/${request.applicationId}`,
    externalReference: request.externalReference,
    seller: request.seller,
    lender: request.lender,
    product: request.product,
    requestedAmountFen: readPositive(request.requestedAmount, 'requested_amount'),
    termMonths: request.termMonths,
    purposeCode: request.purposeCode,
    repaymentMethod: readRepaymentMethod(request.repaymentMethod, 'repayment_method'),
    consents: request.consents,
    reviewOf: undefined,
  };
}

export const readAskedTerms = (request: CheckEligibilityRequest): AskedTerms => ({
  seller: request.seller,
  lender: request.lender,
  product: request.product,
  requestedAmountFen: readPositive(request.amount, 'amount'),
  termMonths: request.termMonths,
});

export function readPositive(money: Parameters<typeof readMoney>[0], field: string): bigint {
  const { minorUnits } = readMoney(money, field);
  if (minorUnits <= 0n) throw fieldInvalid(field, 'money.positive', 'has to be above zero');
  return minorUnits;
}

export function toReason(reason: Reason): MessageInitShape<typeof ReasonSchema> {
  const [textZh, textEn, hintZh, hintEn] = textsOf(reason);
  return { code: reason.code, rule: reason.rule, textZh, textEn, hintZh, hintEn };
}

/** What a submission would be refused with now, as reasons. */
export const toEligibility = ({
  obstacles,
  product,
}: Eligibility): MessageInitShape<typeof CheckEligibilityResponseSchema> => ({
  eligible: obstacles.length === 0,
  obstacles: obstacles.map(({ reason, texts }: Refusal) => ({
    code: reason,
    textZh: texts['zh-CN'],
    textEn: texts.en,
  })),
  ...(product === undefined
    ? {}
    : {
        amountMin: toMoney(fen(product.amountMinFen)),
        amountMax: toMoney(fen(product.amountMaxFen)),
        termMonthsMin: product.termMonthsMin,
        termMonthsMax: product.termMonthsMax,
      }),
});

export const toApplication = ({
  application,
  evidence,
}: ShownApplication): MessageInitShape<typeof ApplicationSchema> => {
  const { frozen, decisionNumber, name } = application;
  return {
    name,
    uid: application.uid,
    state: wireStates[application.state],
    externalReference: application.externalReference ?? '',
    seller: application.seller,
    lender: application.lender,
    product: application.product,
    requestedAmount: toMoney(fen(application.requestedAmountFen)),
    termMonths: application.termMonths,
    purposeCode: application.purposeCode,
    repaymentMethod: wireMethods[application.repaymentMethod],
    consents: [...application.consents],
    reviewOf: application.reviewOf ?? '',
    round: application.round,
    inputsHash: frozen?.inputsHash ?? '',
    evidence: evidence.map(toEvidence),
    reasons: application.reasons.map(toReason),
    green: frozen?.green ?? false,
    productVersion: frozen?.product.version ?? '',
    policyVersion: frozen?.policy.version ?? '',
    decision: decisionNumber === 0 ? '' : `${name}/decisions/${decisionNumber}`,
    pendingActions: pendingActionsOf(application),
    createTime: toTimestamp(application.createTime),
    updateTime: toTimestamp(application.updateTime),
    ...times({
      evidenceDueTime: application.evidenceDueTime,
      submitTime: application.submitTime,
      decideTime: application.decideTime,
      expireTime: application.expireTime,
    }),
    etag: String(application.revision),
  };
};

/** An act that has just written the application knows no evidence but what it awaits. */
export const toBareApplication = (
  application: Application,
): MessageInitShape<typeof ApplicationSchema> => toApplication({ application, evidence: [] });

const times = <Name extends string>(moments: Readonly<Record<Name, Date | undefined>>) =>
  Object.fromEntries(
    Object.entries<Date | undefined>(moments).flatMap(([name, moment]) =>
      moment === undefined ? [] : [[name, toTimestamp(moment)]],
    ),
  );

function pendingActionsOf({
  name,
  state,
  lender,
  expireTime,
  evidenceDueTime,
}: Application): MessageInitShape<typeof PendingActionSchema>[] {
  const action = (code: string, actorKind: ActorKind, actor: string, due: Date | undefined) => [
    {
      code,
      actorKind,
      actor,
      target: name,
      blocking: true,
      ...(due === undefined ? {} : { dueTime: toTimestamp(due) }),
    },
  ];
  switch (state) {
    case 'DRAFT':
      return action('SUBMIT', ActorKind.PLATFORM, platformOf(name), expireTime);
    case 'SUBMITTED':
      return action('DECIDE', ActorKind.SYSTEM, '', evidenceDueTime);
    case 'REFERRED':
      return action('UNDERWRITE', ActorKind.LENDER, lender, undefined);
    case 'APPROVED':
    case 'DECLINED':
    case 'WITHDRAWN':
    case 'EXPIRED':
      return [];
  }
}

type Summary = MessageInitShape<typeof EvidenceSchema>['summary'];

const toSummary: {
  readonly [Kind in EvidenceKind]: (
    answer: Extract<EvidenceAnswer<Kind>, { state: 'ARRIVED' }>,
  ) => NonNullable<Summary>;
} = {
  SCORE: ({ content }) => ({
    case: 'score',
    value: {
      grade: content.grade,
      pdPpm: content.pdPpm,
      suggestedLimit: toMoney(fen(content.suggestedLimitFen)),
      modelVersion: content.modelVersion,
    },
  }),
};

function toEvidence({
  kind,
  round,
  state,
  answer,
  arriveTime,
}: EvidenceRow): MessageInitShape<typeof EvidenceSchema> {
  const common = {
    kind: wireEvidenceKinds[kind],
    round,
    state: wireEvidenceStates[state],
    contentHash: answer?.contentHash ?? '',
    ...times({ arriveTime }),
  };
  if (answer === undefined) return common;
  if (answer.state === 'REFUSED') {
    const reasons = answer.refusals.map(({ reason }) => toReason({ code: reason, rule: '' }));
    return { ...common, reasons };
  }
  const { source, validUntil, content } = answer;
  return {
    ...common,
    source,
    summary: toSummary[kind](answer),
    reasons: content.reasons.map(toReason),
    ...times({ validUntil: validUntil === undefined ? undefined : new Date(validUntil) }),
  };
}
