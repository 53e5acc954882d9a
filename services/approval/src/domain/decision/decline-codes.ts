/**
 * Why an application is declined, in words for the seller. The code is the contract (api.md 2); the
 * hint says what would change the answer. A new code does not compile before all its texts are there.
 */

/** Chinese text, English text, Chinese hint, English hint. */
export type CodeTexts = readonly [string, string, string, string];

export type DeclineCode =
  | 'IDENTITY_UNVERIFIED'
  | 'BLOCKED'
  | 'RELATED_TO_LENDER'
  | 'CONSENT_INSUFFICIENT'
  | 'HISTORY_TOO_SHORT'
  | 'SALES_TOO_LOW'
  | 'SALES_FALLING'
  | 'QUALITY_WEAK'
  | 'BUYERS_CONCENTRATED'
  | 'FULFILMENT_LATE'
  | 'RECORDS_INCONSISTENT'
  | 'RECORDS_OUTDATED'
  | 'SCORE_BELOW_CUTOFF'
  | 'DEBT_TOO_HIGH'
  | 'ARREARS_PRESENT'
  | 'ARREARS_RECENT'
  | 'ENFORCEMENT_ON_RECORD'
  | 'BORROWER_LIMIT_REACHED'
  | 'CONNECTED_LIMIT_REACHED'
  | 'LENDER_LIMIT_REACHED'
  | 'AMOUNT_UNSUPPORTED'
  | 'TERM_UNSUPPORTED'
  | 'PURPOSE_EXCLUDED'
  | 'PRICE_ABOVE_CAP'
  | 'FRAUD_SUSPECTED'
  | 'LENDER_JUDGEMENT';

export const declineTexts: Readonly<Record<DeclineCode, CodeTexts>> = {
  IDENTITY_UNVERIFIED: [
    '身份信息未能核实',
    'The identity could not be verified',
    '请通过平台更新核验资料',
    'Have the platform renew the verification',
  ],
  BLOCKED: [
    '该商户目前不能办理新业务',
    'The seller may take no new business at present',
    '请联系平台了解原因并申请解除',
    'Ask the platform for the cause and for its removal',
  ],
  RELATED_TO_LENDER: [
    '申请人与贷款机构存在关联关系',
    'The applicant is related to the lender',
    '请向其他贷款机构申请',
    'Apply to another lender',
  ],
  CONSENT_INSUFFICIENT: [
    '数据使用授权不足',
    'The consents to use the data do not suffice',
    '请重新授权后再申请',
    'Give the consents again, then apply anew',
  ],
  HISTORY_TOO_SHORT: [
    '经营时间较短',
    'The trading history is short',
    '积累更长的经营记录后再申请',
    'Apply again with a longer trading history',
  ],
  SALES_TOO_LOW: [
    '近期销售额（尤其是最弱的月份）不足以支持最低贷款金额',
    'Recent sales, the weakest month above all, do not support the smallest loan of this product',
    '销售额上升、各月均有销售后再申请',
    'Apply again when sales have grown and no month is without them',
  ],
  SALES_FALLING: [
    '近期销售额明显下滑',
    'Sales have fallen noticeably of late',
    '销售企稳后再申请',
    'Apply again when sales are stable',
  ],
  QUALITY_WEAK: [
    '退款、退货或作废比例偏高',
    'Refunds, returns or voided invoices are frequent',
    '降低退款、退货和作废比例',
    'Lower the share of refunds, returns and voided invoices',
  ],
  BUYERS_CONCENTRATED: [
    '客户过于集中',
    'Sales depend on few customers',
    '扩大客户来源',
    'Win further customers',
  ],
  FULFILMENT_LATE: [
    '发货延迟比例偏高',
    'Late shipments are frequent',
    '提高按时发货比例',
    'Ship on time more often',
  ],
  RECORDS_INCONSISTENT: [
    '经营记录前后不一致',
    'The trading records contradict one another',
    '请核对并更正记录',
    'Check and correct the records',
  ],
  RECORDS_OUTDATED: [
    '经营记录已过时',
    'The trading records are out of date',
    '请提交近期记录',
    'Send recent records',
  ],
  SCORE_BELOW_CUTOFF: [
    '综合评分未达到准入要求',
    'The score is below the lowest that is accepted',
    '请参考同列的其他原因改善经营',
    'See the other reasons for what would lift the score',
  ],
  DEBT_TOO_HIGH: [
    '现有负债偏高',
    'Existing debt is high',
    '降低负债后再申请',
    'Apply again with less debt',
  ],
  ARREARS_PRESENT: [
    '目前存在逾期',
    'A payment is overdue at present',
    '结清逾期款项后再申请',
    'Pay what is overdue, then apply again',
  ],
  ARREARS_RECENT: [
    '近期存在逾期记录',
    'Recent payments were late',
    '保持按时还款一段时间后再申请',
    'Pay on time for a while, then apply again',
  ],
  ENFORCEMENT_ON_RECORD: [
    '存在被执行记录',
    'An enforcement is on record',
    '履行完毕并消除记录后再申请',
    'Apply again once it is settled and off the record',
  ],
  BORROWER_LIMIT_REACHED: [
    '已达到单一借款人限额',
    'The limit for a single borrower is reached',
    '结清部分贷款后再申请',
    'Repay part of the loans, then apply again',
  ],
  CONNECTED_LIMIT_REACHED: [
    '已达到同一控制下企业的合计限额',
    'The limit for firms under the same control is reached',
    '关联企业结清部分贷款后再申请',
    'Apply again when firms under the same control have repaid',
  ],
  LENDER_LIMIT_REACHED: [
    '贷款机构本月额度已用完',
    "The lender's amount for this product and month is used up",
    '请于下月申请或选择其他贷款机构',
    'Apply next month or to another lender',
  ],
  AMOUNT_UNSUPPORTED: [
    '申请金额不在可支持的范围内',
    'The amount cannot be supported',
    '请调整申请金额',
    'Ask for another amount',
  ],
  TERM_UNSUPPORTED: [
    '申请期限不在可支持的范围内',
    'The term cannot be supported',
    '请调整申请期限',
    'Ask for another term',
  ],
  PURPOSE_EXCLUDED: [
    '该用途不在支持范围内',
    'Loans for this purpose are not made',
    '请确认贷款用途',
    'Check the purpose of the loan',
  ],
  PRICE_ABOVE_CAP: [
    '按风险定价的综合年化成本超过上限',
    'The yearly cost that the risk asks for is above the cap',
    '信用状况改善后再申请',
    'Apply again when the credit standing is better',
  ],
  FRAUD_SUSPECTED: [
    '部分信息未能确认',
    'Some information could not be confirmed',
    '请联系平台核实资料',
    'Ask the platform to check the information',
  ],
  LENDER_JUDGEMENT: [
    '贷款机构人工审核未通过',
    "Declined by the lender's own judgement",
    '请联系贷款机构了解详情',
    'Ask the lender',
  ],
};

export const isDeclineCode = (code: string): code is DeclineCode =>
  Object.hasOwn(declineTexts, code);
