/**
 * Why a score is not better: points lost on each feature, summed per reason code, positive losses only,
 * the greatest first and then by code, at most four. Two measures of loss: to the best bin, and to the
 * mean of the accepted development sample. "Score too low" is no reason (12 CFR 1002.9).
 */

export type ReasonText = { readonly code: string; readonly zh: string; readonly en: string };

export interface Reason extends ReasonText {
  readonly pointsLost: number;
}

export const reasonsMax = 4;

/** What stands for a reason where there are fewer than four. */
export const noReason = -1;

/** Four reasons a row, the most important first: numbers of codes, -1 where there are fewer, and the points lost. */
export interface ReasonColumns {
  readonly reasons: Int32Array;
  readonly pointsLost: Int32Array;
}

/**
 * Picks the reasons of one row from its losses: that of code number c stands at `start + c * stride`.
 * Codes are numbered in ascending order, so the first of two equal losses goes first.
 */
export function pickReasons(
  losses: Int32Array,
  codeCount: number,
  start: number,
  stride: number,
  { reasons, pointsLost }: ReasonColumns,
  row: number,
): void {
  let first = noReason;
  let second = noReason;
  let third = noReason;
  let fourth = noReason;
  let firstLost = 0;
  let secondLost = 0;
  let thirdLost = 0;
  let fourthLost = 0;
  for (let code = 0, at = start; code < codeCount; code += 1, at += stride) {
    const lost = losses[at] as number;
    if (lost <= fourthLost) continue;
    if (lost <= thirdLost) {
      fourth = code;
      fourthLost = lost;
      continue;
    }
    fourth = third;
    fourthLost = thirdLost;
    if (lost <= secondLost) {
      third = code;
      thirdLost = lost;
      continue;
    }
    third = second;
    thirdLost = secondLost;
    if (lost <= firstLost) {
      second = code;
      secondLost = lost;
      continue;
    }
    second = first;
    secondLost = firstLost;
    first = code;
    firstLost = lost;
  }
  const at = row * reasonsMax;
  reasons[at] = first;
  reasons[at + 1] = second;
  reasons[at + 2] = third;
  reasons[at + 3] = fourth;
  pointsLost[at] = firstLost;
  pointsLost[at + 1] = secondLost;
  pointsLost[at + 2] = thirdLost;
  pointsLost[at + 3] = fourthLost;
}
