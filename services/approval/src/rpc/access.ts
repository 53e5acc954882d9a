/** Who may call what (api.md 3.5). `own` names the field that must lie under the caller's own name. */
import type { AccessRule, AccessTable } from '@lianbao/grpc';

const requestId = { requestId: 'REQUIRED' } as const;
const requestIdAndEtag = { requestId: 'REQUIRED', etag: 'REQUIRED' } as const;

const governs: AccessRule = { callers: ['OPERATOR', 'BANK'], ...requestId };
const governsSeen: AccessRule = { callers: ['OPERATOR', 'BANK'], ...requestIdAndEtag };
const operatorSeen: AccessRule = { callers: ['OPERATOR'], ...requestIdAndEtag };
const anybody: AccessRule = { callers: ['PLATFORM', 'BANK', 'OPERATOR', 'SERVICE'] };
const people: AccessRule = { callers: ['PLATFORM', 'BANK', 'OPERATOR'] };

// A bank is held to the applications made to it by the use case: their names lie under platforms.
const platformAct = (field: string): AccessRule => ({
  callers: ['PLATFORM'],
  own: field,
  ...requestId,
});
const shownTo = (field: string, rule: AccessRule): AccessRule => ({
  ...rule,
  own: { PLATFORM: field },
});
const bankAct = (own: string): AccessRule => ({ callers: ['BANK'], own });
const bankDecision: AccessRule = { callers: ['BANK'], ...requestIdAndEtag };

const services: Readonly<Record<string, Readonly<Record<string, AccessRule>>>> = {
  ProductService: {
    CreateProductVersion: { ...governs, own: { BANK: 'lenders' } },
    ApproveProductVersion: governsSeen,
    GetProductVersion: anybody,
    ListProductVersions: people,
  },
  PolicyService: {
    CreatePolicyVersion: governs,
    ValidatePolicyVersion: governs,
    // One document binds all lenders: a bank may propose it, but not bring it into force by itself.
    ApprovePolicyVersion: operatorSeen,
    ActivatePolicyVersion: operatorSeen,
    GetPolicyVersion: { callers: ['OPERATOR', 'BANK', 'SERVICE'] },
    ListPolicyVersions: { callers: ['OPERATOR', 'BANK'] },
    GetEffectivePolicy: { callers: ['OPERATOR', 'BANK', 'SERVICE'] },
  },
  ApplicationService: {
    CheckEligibility: { callers: ['PLATFORM'], own: 'seller' },
    CreateApplication: { callers: ['PLATFORM'], own: 'parent' },
    SubmitApplication: { ...platformAct('name'), etag: 'REQUIRED' },
    WithdrawApplication: { ...platformAct('name'), etag: 'REQUIRED' },
    GetApplication: shownTo('name', anybody),
    ListApplications: { ...people, own: 'parent' },
    WatchApplication: shownTo('name', people),
    RequestManualReview: platformAct('name'),
    GetDecision: shownTo('name', anybody),
    ListDecisions: shownTo('parent', people),
    ExplainDecision: shownTo('name', people),
    ReplayDecision: { callers: ['OPERATOR', 'BANK'] },
    GetOffer: shownTo('name', anybody),
    ListOffers: shownTo('parent', people),
  },
  LenderTaskService: {
    LeaseTasks: bankAct('parent'),
    AcknowledgeTask: bankAct('name'),
    ExtendTaskLease: bankAct('name'),
    CompleteTask: bankAct('name'),
    GetTask: { callers: ['BANK', 'OPERATOR', 'SERVICE'], own: { BANK: 'name' } },
    ListTasks: { callers: ['BANK', 'OPERATOR'], own: { BANK: 'parent' } },
    SubmitOffer: bankDecision,
    DeclineApplication: bankDecision,
  },
};

export const approvalAccess: AccessTable = Object.fromEntries(
  Object.entries(services).flatMap(([service, methods]) =>
    Object.entries(methods).map(([method, rule]) => [
      `lianbao.approval.v1.${service}/${method}`,
      rule,
    ]),
  ),
);
