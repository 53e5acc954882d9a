import type { AccessTable } from '@lianbao/grpc';

const records = 'lianbao.scoring.v1.TradingRecordService';
const scores = 'lianbao.scoring.v1.ScoringService';
const models = 'lianbao.scoring.v1.ScoreModelService';

/** Who may call what. A bank's right to a seller or score is seen to by the use case: it rests on consent. */
export const scoringAccess: AccessTable = {
  [`${records}/SubmitTradingRecords`]: {
    callers: ['PLATFORM', 'BANK'],
    own: { PLATFORM: 'parent' },
    batch: true,
  },
  [`${records}/StreamTradingRecords`]: {
    callers: ['PLATFORM', 'BANK'],
    own: { PLATFORM: 'parent' },
    batch: true,
  },
  [`${records}/GetTradingCoverage`]: {
    callers: ['PLATFORM', 'BANK', 'OPERATOR'],
    own: { PLATFORM: 'seller' },
  },
  [`${scores}/ScoreSeller`]: {
    callers: ['BANK', 'OPERATOR', 'SERVICE'],
    own: { BANK: 'lender' },
  },
  [`${scores}/GetScore`]: {
    callers: ['PLATFORM', 'BANK', 'OPERATOR', 'SERVICE'],
    own: { PLATFORM: 'name' },
  },
  [`${scores}/ListScores`]: {
    callers: ['PLATFORM', 'BANK', 'OPERATOR'],
    own: { PLATFORM: 'parent' },
  },
  [`${scores}/ExplainScore`]: {
    callers: ['PLATFORM', 'BANK', 'OPERATOR'],
    own: { PLATFORM: 'name' },
  },
  [`${scores}/ReplayScore`]: {
    callers: ['PLATFORM', 'BANK', 'OPERATOR'],
    own: { PLATFORM: 'name' },
  },
  [`${models}/TrainModel`]: { callers: ['OPERATOR'], requestId: 'REQUIRED', batch: true },
  [`${models}/ValidateModel`]: { callers: ['OPERATOR'], requestId: 'REQUIRED' },
  [`${models}/PromoteModel`]: {
    callers: ['OPERATOR'],
    requestId: 'REQUIRED',
    etag: 'REQUIRED',
  },
  [`${models}/GetScoreModelVersion`]: { callers: ['BANK', 'OPERATOR', 'SERVICE'] },
  [`${models}/ListScoreModelVersions`]: { callers: ['BANK', 'OPERATOR'] },
};
