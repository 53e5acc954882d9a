/** Why a person decides instead of the machine. The same shape as the decline codes. */
import type { CodeTexts } from './decline-codes.ts';

type ReferralCode =
  | 'REVIEW_ASKED'
  | 'EVIDENCE_MISSING'
  | 'SCORE_EXPIRED'
  | 'RECORDS_TOO_THIN'
  | 'RECORDS_STALE'
  | 'CHAMPION_MISSING'
  | 'SCORE_UNDER_REVIEW'
  | 'SCORE_REFUSED'
  | 'CLASS_REFERRED'
  | 'AMOUNT_ABOVE_AUTOMATIC'
  | 'FACT_MISSING';

export const referralTexts: Readonly<Record<ReferralCode, CodeTexts>> = {
  REVIEW_ASKED: [
    '申请人要求人工审核',
    'A review by a person was asked for',
    '请等待贷款机构人工审核',
    'Wait for the lender',
  ],
  EVIDENCE_MISSING: [
    '所需资料未能按时取得',
    'Evidence that is needed did not arrive in time',
    '无需操作，贷款机构将人工审核',
    'Nothing to do: a person at the lender looks at it',
  ],
  SCORE_EXPIRED: [
    '评分已过有效期',
    'The score is older than an automatic decision allows',
    '请等待新的评分',
    'Wait for a new score',
  ],
  RECORDS_TOO_THIN: [
    '经营记录不足',
    'There are too few months with sales on record',
    '请补充更多月份的经营记录',
    'Send the records of more months',
  ],
  RECORDS_STALE: [
    '最近的经营记录已过时',
    'The newest trading record is too old',
    '请提交近期经营记录',
    'Send recent records',
  ],
  CHAMPION_MISSING: [
    '评分模型尚未启用',
    'No score model is in force',
    '无需操作，贷款机构将人工审核',
    'Nothing to do: a person at the lender looks at it',
  ],
  SCORE_UNDER_REVIEW: [
    '评分正在复核',
    'The score is under review',
    '请等待复核结束',
    'Wait for the end of the review',
  ],
  SCORE_REFUSED: [
    '暂时无法评分',
    'No score could be computed',
    '无需操作，贷款机构将人工审核',
    'Nothing to do: a person at the lender looks at it',
  ],
  CLASS_REFERRED: [
    '该信用等级须人工审核',
    'This credit class is decided by a person',
    '请等待贷款机构人工审核',
    'Wait for the lender',
  ],
  AMOUNT_ABOVE_AUTOMATIC: [
    '申请金额超过自动审批上限',
    'The amount is above what is decided automatically',
    '请等待贷款机构人工审核，或申请较小金额',
    'Wait for the lender, or ask for less',
  ],
  FACT_MISSING: [
    '缺少决策所需的信息',
    'A fact that the decision needs is not known',
    '无需操作，贷款机构将人工审核',
    'Nothing to do: a person at the lender looks at it',
  ],
};

export const isReferralCode = (code: string): code is ReferralCode =>
  Object.hasOwn(referralTexts, code);
