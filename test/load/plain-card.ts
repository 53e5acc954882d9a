/** What `bench:scorecard` measures against: the card read row by row, without tables made ready. */
import type { Answers, Card } from '../../packages/scorecard/src/index.ts';

/** PD and four reasons of every row, from the card's JSON as it stands. Of numeric features without special codes. */
export function readPlainly(
  card: Card,
  codes: readonly string[],
  vectors: readonly Float64Array[],
  answers: Answers,
): void {
  for (const [row, vector] of vectors.entries()) {
    let points = card.basePoints;
    const losses = new Map<string, number>();
    for (const { position, cuts, bins, bestPoints, reasonCode } of card.features) {
      const value = vector[position] as number;
      const right = cuts.findIndex((cut) => value <= cut);
      const bin = Number.isNaN(value) ? bins.at(-1) : bins[right < 0 ? cuts.length : right];
      const gained = bin?.points ?? 0;
      points += gained;
      losses.set(reasonCode, (losses.get(reasonCode) ?? 0) + Math.max(0, bestPoints - gained));
    }
    answers.points[row] = points;
    answers.pdPpm[row] = card.pdPpmByScore[points - card.scoreMin] ?? 0;
    const reasons = [...losses]
      .filter(([, lost]) => lost > 0)
      .sort(([a, lostA], [b, lostB]) => lostB - lostA || (a < b ? -1 : 1));
    for (let at = 0; at < 4; at += 1) {
      const [code, lost] = reasons[at] ?? ['', 0];
      answers.reasons[4 * row + at] = codes.indexOf(code);
      answers.pointsLost[4 * row + at] = lost;
    }
  }
}
