import { catalogueRefusals, commonRefusals } from '@lianbao/kernel';

/** Every reason this service refuses a request: the kind that decides the gRPC status, and its texts. */
export const refusals = {
  ...commonRefusals,
  ...catalogueRefusals('scoring.lianbao', {
    CONSENT_MISSING: [
      'PRECONDITION',
      '缺少有效授权',
      'the seller has no live consent for this purpose and recipient',
    ],
    SELLER_BLOCKED: ['PRECONDITION', '商户已被冻结', 'the seller is blocked'],
    RECORDS_TOO_THIN: [
      'PRECONDITION',
      '经营记录不足',
      'too few of the last twelve months have sales on record',
    ],
    RECORDS_STALE: ['PRECONDITION', '经营记录过旧', 'the newest record is too old'],
    CHAMPION_MISSING: ['PRECONDITION', '尚无可用的评分模型', 'no score model is champion'],
    MODEL_NOT_VALIDATED: [
      'PRECONDITION',
      '评分模型未通过验证',
      'the score model has not passed validation',
    ],
    ARTEFACT_CORRUPT: [
      'PRECONDITION',
      '模型文件与批准内容不一致',
      'the stored model is not the one that was approved',
    ],
  }),
};
