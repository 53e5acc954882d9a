/** Who may call what. A bank's dealings with a platform are looked up by the use case. */
import type { AccessRule, AccessTable } from '@lianbao/grpc';

const once = { requestId: 'REQUIRED' } as const;
const onceOnRevision = { requestId: 'REQUIRED', etag: 'REQUIRED' } as const;
const operator = { callers: ['OPERATOR'] } as const;
const ownLender: AccessRule = { callers: ['BANK'], own: { BANK: 'name' }, ...onceOnRevision };

const partner = 'lianbao.party.v1.PartnerService';
const seller = 'lianbao.party.v1.SellerService';
const consent = 'lianbao.party.v1.ConsentService';
const feed = 'lianbao.party.v1.EventFeedService';

export const partyAccess: AccessTable = {
  [`${partner}/CreatePlatform`]: { ...operator, ...once },
  [`${partner}/GetPlatform`]: {
    callers: ['PLATFORM', 'BANK', 'OPERATOR', 'SERVICE'],
    own: { PLATFORM: 'name' },
  },
  [`${partner}/ListPlatforms`]: { callers: ['PLATFORM', 'BANK', 'OPERATOR'] },
  [`${partner}/CreateLender`]: { ...operator, ...once },
  [`${partner}/GetLender`]: { callers: ['BANK', 'OPERATOR', 'SERVICE'], own: { BANK: 'name' } },
  [`${partner}/ListLenders`]: { callers: ['BANK', 'OPERATOR'] },
  [`${partner}/WhitelistPlatform`]: ownLender,
  [`${partner}/DelistPlatform`]: ownLender,

  [`${seller}/CreateSeller`]: { callers: ['PLATFORM'], own: 'parent' },
  [`${seller}/GetSeller`]: {
    callers: ['PLATFORM', 'BANK', 'OPERATOR', 'SERVICE'],
    own: { PLATFORM: 'name' },
  },
  [`${seller}/ListSellers`]: { callers: ['PLATFORM', 'OPERATOR'], own: { PLATFORM: 'parent' } },
  [`${seller}/RecordVerification`]: { callers: ['BANK', 'OPERATOR'], ...once },
  [`${seller}/BlockSeller`]: { ...operator, ...onceOnRevision },
  [`${seller}/UnblockSeller`]: { ...operator, ...onceOnRevision },
  [`${seller}/ProposeGreenListing`]: { ...operator, ...onceOnRevision },
  [`${seller}/ApproveGreenListing`]: { ...operator, ...onceOnRevision },

  [`${consent}/CreateConsent`]: { callers: ['PLATFORM'], own: 'parent', ...once },
  [`${consent}/GetConsent`]: {
    callers: ['PLATFORM', 'BANK', 'OPERATOR', 'SERVICE'],
    own: { PLATFORM: 'name' },
  },
  [`${consent}/ListConsents`]: {
    callers: ['PLATFORM', 'BANK', 'OPERATOR'],
    own: { PLATFORM: 'parent' },
  },
  [`${consent}/WithdrawConsent`]: { callers: ['PLATFORM'], own: 'name', ...once },
  [`${consent}/CheckConsent`]: { callers: ['BANK', 'SERVICE'], own: { BANK: 'recipient' } },

  [`${feed}/ListEvents`]: { callers: ['PLATFORM', 'BANK'] },
};
