/** A ground for an outcome: the code is kept, its texts are found again when it is shown. */
import { type CodeTexts, declineTexts, isDeclineCode } from './decline-codes.ts';
import { isReferralCode, referralTexts } from './referral-codes.ts';

export interface Reason {
  readonly code: string;
  /** The rule that brought it about; empty for a reason of a score. */
  readonly rule: string;
  /** What it is about, such as the evidence that is missing. */
  readonly detail?: string;
  /** Of a score's reason, as its model gives them: Chinese, English, and what would change it. */
  readonly texts?: readonly string[];
}

export const reasonsShownMax = 4;

/** A code of a later release of another service has the text of a refused score. */
export function textsOf({ code, texts, detail }: Reason): CodeTexts {
  const [zh = '', en = '', hintZh = '', hintEn = ''] = texts ?? known(code);
  return detail === undefined
    ? [zh, en, hintZh, hintEn]
    : [`${zh}（${detail}）`, `${en} (${detail})`, hintZh, hintEn];
}

function known(code: string): CodeTexts {
  if (isDeclineCode(code)) return declineTexts[code];
  return isReferralCode(code) ? referralTexts[code] : referralTexts.SCORE_REFUSED;
}
