import { catalogueRefusals, commonRefusals } from '@lianbao/kernel';

/** Every reason this service refuses a request: the kind that decides the gRPC status, and its texts. */
export const refusals = {
  ...commonRefusals,
  ...catalogueRefusals('approval.lianbao', {
    PRODUCT_NOT_OFFERED: [
      'PRECONDITION',
      '该贷款机构未提供此产品',
      'the lender does not offer this product in this way',
    ],
    AMOUNT_OUT_OF_RANGE: ['PRECONDITION', '金额超出范围', 'the amount is out of range'],
    TERM_OUT_OF_RANGE: ['PRECONDITION', '期限超出范围', 'the term is out of range'],
    APPLICATION_OPEN: [
      'PRECONDITION',
      '该商户已有未结的同类申请',
      'the seller has another open application for this product',
    ],
    PLATFORM_NOT_WHITELISTED: [
      'PRECONDITION',
      '平台不在贷款机构的合作名单内',
      "the platform is not on the lender's list",
    ],
    SCORE_MISSING: ['PRECONDITION', '尚无评分', 'there is no score to decide on yet'],
    SCORE_EXPIRED: ['PRECONDITION', '评分已过有效期', 'the score is too old to decide on'],
    RATE_OVER_CAP: ['PRECONDITION', '综合年化成本超过上限', 'the all-in rate is above the cap'],
    RATE_NOT_UNIQUE: [
      'PRECONDITION',
      '该条件无法计算出唯一的综合年化成本',
      'these terms have no plan with a single all-in rate',
    ],
    AUTHORITY_EXCEEDED: ['FORBIDDEN', '超出审批权限', 'a person of higher authority has to decide'],
    LEASE_LOST: ['CONTENTION', '任务租约已失效', 'the lease of the task has ended'],
    POLICY_NOT_VALIDATED: [
      'PRECONDITION',
      '政策版本尚未通过校验',
      'the policy version has not been validated',
    ],
  }),
  // As `party` says them, so that a platform meets the same reason whichever service finds out.
  ...catalogueRefusals('party.lianbao', {
    SELLER_NOT_VERIFIED: ['PRECONDITION', '商户尚未核验', 'the seller is not verified'],
    SELLER_BLOCKED: ['PRECONDITION', '商户已被暂停新业务', 'the seller is blocked'],
    CONSENT_MISSING: [
      'PRECONDITION',
      '缺少有效授权',
      'a consent that the product needs is not live',
    ],
  }),
};
