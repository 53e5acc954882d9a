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

export interface Loss {
  readonly code: string;
  readonly points: number;
}

export function reasonsOf(
  losses: readonly Loss[],
  texts: ReadonlyMap<string, ReasonText>,
): readonly Reason[] {
  const sums = new Map<string, number>();
  for (const { code, points } of losses) sums.set(code, (sums.get(code) ?? 0) + points);
  return [...sums]
    .filter(([, points]) => points > 0)
    .sort(([a, lostA], [b, lostB]) => lostB - lostA || (a < b ? -1 : 1))
    .slice(0, reasonsMax)
    .map(([code, pointsLost]) => ({ ...(texts.get(code) as ReasonText), pointsLost }));
}
