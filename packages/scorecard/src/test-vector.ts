/**
 * The questions every load asks again: each bin of each feature with the others in their middle, all
 * best, all worst, all missing, and seeded combinations up to a hundred at least.
 */
import type { ReasonGiven, TestVector } from './artefact.ts';
import type { Card, CardFeature } from './card.ts';
import { type Random, seededRandom } from './random.ts';
import type { Reason } from './reason.ts';
import type { Scorer } from './scorer.ts';

const vectorsMin = 120;

export function makeTestVectors(scorer: Scorer, seed: number): TestVector[] {
  const { card } = scorer;
  const middle = card.features.map(({ bins }) => bins.length >> 1);
  const choices: number[][] = [];
  for (const [at, { bins }] of card.features.entries()) {
    for (const bin of bins.keys()) choices.push(middle.with(at, bin));
  }
  choices.push(
    card.features.map((feature) => extreme(feature, Math.max)),
    card.features.map((feature) => extreme(feature, Math.min)),
    card.features.map(({ bins }) => bins.length - 1),
  );
  const random = seededRandom(seed);
  while (choices.length < vectorsMin) {
    choices.push(card.features.map(({ bins }) => random.below(bins.length)));
  }
  return choices.map((bins) => answered(scorer, valuesIn(card, bins, random)));
}

/** What the scorer says of these values, in the form in which it is stored. */
export function answered(scorer: Scorer, values: readonly (number | null)[]): TestVector {
  const result = scorer.score(Float64Array.from(values, (value) => value ?? Number.NaN));
  return {
    values,
    points: result.points,
    pdPpm: Number(result.pdPpm),
    grade: result.grade,
    reasons: result.reasons.map(given),
    reasonsToMean: result.reasonsToMean.map(given),
  };
}

const given = ({ code, pointsLost }: Reason): ReasonGiven => [code, pointsLost];

function extreme({ bins }: CardFeature, pick: (...points: number[]) => number): number {
  const wanted = pick(...bins.map(({ points }) => points));
  return bins.findIndex(({ points }) => points === wanted);
}

function valuesIn(card: Card, bins: readonly number[], random: Random): (number | null)[] {
  const values: (number | null)[] = card.featureIds.map(() => null);
  for (const [at, feature] of card.features.entries()) {
    values[feature.position] = valueIn(feature, bins[at] as number, random);
  }
  return values;
}

/** A value that falls into the bin, its upper edge as often as not. */
function valueIn(feature: CardFeature, bin: number, random: Random): number | null {
  const { bins, specials, levels, cuts } = feature;
  const missingBin = bins.length - 1;
  const specialBin = missingBin - specials.length;
  if (bin === missingBin) return null;
  if (bin >= specialBin) return specials[bin - specialBin] as number;
  if (levels !== null) {
    const codes = levels.filter(([, at]) => at === bin).map(([code]) => code);
    return codes[random.below(Math.max(1, codes.length))] ?? unseenCode(feature);
  }
  const upper = cuts[bin];
  const lower = cuts[bin - 1];
  let value: number;
  if (upper === undefined) value = (lower ?? 0) + 1 + Math.abs(lower ?? 0);
  else if (lower === undefined || random.below(2) === 0) value = upper;
  else value = lower / 2 + upper / 2;
  // A special stands before the cuts: take the next number that is none.
  while (specials.includes(value)) value = value / 2 + (lower ?? value - 2) / 2;
  return value;
}

function unseenCode({ levels, specials }: CardFeature): number {
  let code = -1;
  while (specials.includes(code) || levels?.some(([known]) => known === code)) code -= 1;
  return code;
}
