/** The credit policy between the wire and the domain. Its hash is that of the contract's canonical JSON. */
import { fromJson, type JsonObject, type MessageInitShape, toJson } from '@bufbuild/protobuf';
import {
  type EffectivePolicySchema,
  type PolicyReplayReportSchema,
  type PolicyVersionSchema,
  PolicyState as WirePolicyState,
} from '@lianbao/api/lianbao/approval/v1/approval_service_pb';
import {
  PolicyContentSchema,
  type AuthorityLimit as WireAuthorityLimit,
  type PolicyContent as WirePolicyContent,
} from '@lianbao/api/lianbao/approval/v1/policy_pb';
import { fieldInvalid, readMoney, toMoney, toTimestamp } from '@lianbao/grpc';
import { type Caller, contentHash, fen, type Json } from '@lianbao/kernel';
import type { EffectivePolicy } from '../application/version-ports.ts';
import type {
  AuthorityLimit,
  ClassTerms,
  CreditClass,
  Policy,
  PricedClass,
} from '../domain/decision/policy.ts';
import type {
  PolicyContent,
  PolicyState,
  PolicyVersion,
  ReplayReport,
} from '../domain/policy-version.ts';

/** Refuses money that is not CNY and classes that are not A, B and C. */
export function readPolicyContent(content: WirePolicyContent | undefined): PolicyContent {
  if (content === undefined) throw fieldInvalid('content', 'required', 'is required');
  const json = toJson(PolicyContentSchema, content) as Json;
  return { policy: policyOf(content), json, hash: contentHash(json) };
}

/** Of what is stored: hashed as it stands there, so that a change of a single value shows. */
export function readStoredPolicy(json: Json): PolicyContent {
  const content = fromJson(PolicyContentSchema, json as JsonObject, { ignoreUnknownFields: true });
  return { policy: policyOf(content), json, hash: contentHash(json) };
}

export const toPolicyContent = ({ json }: PolicyContent): WirePolicyContent =>
  fromJson(PolicyContentSchema, json as JsonObject);

function policyOf(content: WirePolicyContent): Policy {
  const { rate, lender, decision, authority, credit } = content;
  return {
    rate: {
      lprMonth: rate?.lprMonth ?? '',
      lprPpm: rate?.lprPpm ?? 0n,
      allInMaxPpm: rate?.allInPpmMax ?? 0n,
    },
    lender: {
      singleBorrowerCapitalBpsMax: lender?.singleBorrowerCapitalBpsMax ?? 0,
      connectedCapitalBpsMax: lender?.connectedCapitalBpsMax ?? 0,
      programmeLimitsFen: programmeLimitsOf(lender?.programmeLimits ?? []),
    },
    decision: {
      evidenceSecondsMax: decision?.evidenceSecondsMax ?? 0,
      scoreAgeDaysMax: decision?.scoreAgeDaysMax ?? 0,
      scorePersonDaysMax: decision?.scorePersonDaysMax ?? 0,
      automaticAmountMaxFen: amount(decision?.automaticAmountMax, 'decision.automatic_amount_max'),
      lenderTaskHours: decision?.lenderTaskHours ?? 0,
      greenLenderTaskHours: decision?.greenLenderTaskHours ?? 0,
      actionDays: decision?.actionDays ?? 0,
      offerDays: decision?.offerDays ?? 0,
      reviewDays: decision?.reviewDays ?? 0,
    },
    authority: {
      OFFICER: authorityOf(authority?.officer, 'officer'),
      HEAD: authorityOf(authority?.head, 'head'),
      COMMITTEE: authorityOf(authority?.committee, 'committee'),
    },
    credit: {
      purposes: credit?.purposes ?? [],
      monthsWithSalesMin: credit?.monthsWithSalesMin ?? 0,
      recordAgeDaysMax: credit?.recordAgeDaysMax ?? 0,
      limitStepFen: amount(credit?.limitStep, 'credit.limit_step'),
      classes: classesOf(credit?.classes ?? []),
      fundingAndCostBps: credit?.fundingAndCostBps ?? 0,
      lgdBps: credit?.lgdBps ?? 0,
    },
  };
}

type WireMoney = Parameters<typeof readMoney>[0];

const amount = (money: WireMoney, field: string): bigint =>
  readMoney(money, `content.${field}`).minorUnits;

const authorityOf = (limit: WireAuthorityLimit | undefined, level: string): AuthorityLimit => ({
  amountMaxFen: amount(limit?.amountMax, `authority.${level}.amount_max`),
  connectedExposureMaxFen: amount(
    limit?.connectedExposureMax,
    `authority.${level}.connected_exposure_max`,
  ),
  worstClass: (limit?.worstClass ?? 'D') as CreditClass,
});

function programmeLimitsOf(
  rows: readonly { readonly product: string; readonly monthlyAmountMax?: WireMoney }[],
): ReadonlyMap<string, bigint> {
  const limits = new Map<string, bigint>();
  for (const [index, { product, monthlyAmountMax }] of rows.entries()) {
    const field = `lender.programme_limits[${index}]`;
    if (limits.has(product)) {
      throw fieldInvalid(`content.${field}.product`, 'product.repeated', 'stands there twice');
    }
    limits.set(product, amount(monthlyAmountMax, `${field}.monthly_amount_max`));
  }
  return limits;
}

function classesOf(
  rows: readonly {
    readonly class: string;
    readonly amountMax?: WireMoney;
    readonly spreadBps: number;
    readonly refer: boolean;
  }[],
): Readonly<Record<PricedClass, ClassTerms>> {
  const read = (name: PricedClass): ClassTerms => {
    const index = rows.findIndex((row) => row.class === name);
    const row = rows[index];
    if (row === undefined) {
      throw fieldInvalid('content.credit.classes', 'class.missing', `has no row of class ${name}`);
    }
    return {
      amountMaxFen: amount(row.amountMax, `credit.classes[${index}].amount_max`),
      spreadBps: row.spreadBps,
      refer: row.refer,
    };
  };
  return { A: read('A'), B: read('B'), C: read('C') };
}

const wireStates: Readonly<Record<PolicyState, WirePolicyState>> = {
  DRAFT: WirePolicyState.DRAFT,
  VALIDATED: WirePolicyState.VALIDATED,
  APPROVED: WirePolicyState.APPROVED,
  ACTIVE: WirePolicyState.ACTIVE,
  RETIRED: WirePolicyState.RETIRED,
};

/** The report counts the decisions of all lenders, so that it is shown to operators only. */
export const toPolicyVersion =
  ({ kind }: Pick<Caller, 'kind'>) =>
  (version: PolicyVersion): MessageInitShape<typeof PolicyVersionSchema> => {
    const { replayReport, effectiveTime } = version;
    const report = kind === 'OPERATOR' ? replayReport : undefined;
    return {
      name: version.name,
      uid: version.uid,
      state: wireStates[version.state],
      content: toPolicyContent(version.content),
      contentHash: version.content.hash,
      ...(report === undefined ? {} : { replayReport: toReport(report) }),
      proposer: version.proposer,
      approver: version.approver ?? '',
      ...(effectiveTime === undefined ? {} : { effectiveTime: toTimestamp(effectiveTime) }),
      createTime: toTimestamp(version.createTime),
      updateTime: toTimestamp(version.updateTime),
      etag: String(version.revision),
    };
  };

const toReport = (report: ReplayReport): MessageInitShape<typeof PolicyReplayReportSchema> => ({
  decisionCount: report.decisionCount,
  sameCount: report.sameCount,
  swappedInCount: report.swappedInCount,
  swappedOutCount: report.swappedOutCount,
  expectedLossThen: toMoney(fen(report.expectedLossThenFen)),
  expectedLossNow: toMoney(fen(report.expectedLossNowFen)),
});

export const toEffectivePolicy = ({
  version,
  content,
  effectiveTime,
}: EffectivePolicy): MessageInitShape<typeof EffectivePolicySchema> => ({
  policyVersion: version,
  contentHash: content.hash,
  content: toPolicyContent(content),
  ...(effectiveTime === undefined ? {} : { effectiveTime: toTimestamp(effectiveTime) }),
});
