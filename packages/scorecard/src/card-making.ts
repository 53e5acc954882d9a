/** From a fitted model to its card: whole points, PD of every score, and what reasons compare with. */
import type { Bin, BinnedFeature } from './binning.ts';
import { calibrated } from './calibrate.ts';
import type { Card, CardBin, CardFeature } from './card.ts';
import { TrainingDataUnfit } from './column.ts';
import type { TrainingConfig } from './config.ts';
import { roundHalfAway, twelveDigits } from './digits.ts';
import { binLabels } from './label.ts';
import { sigmoid } from './logistic.ts';
import { gradeOf, masterScale } from './master-scale.ts';
import { shiftToMean } from './mean-shift.ts';
import type { Model, ModelFeature } from './model.ts';
import {
  basePointsOf,
  marginAt,
  type PointScale,
  pdPpmTable,
  pointScale,
  pointsOf,
} from './points.ts';

export interface CardMade {
  readonly card: Card;
  /** Log-odds added to reach the central tendency; 0 where the sample's own is kept. */
  readonly priorShift: number;
  /** Of each development row. */
  readonly scores: Int32Array;
}

export function makeCard(
  model: Model,
  featureIds: readonly string[],
  config: TrainingConfig,
): CardMade {
  const margins = calibrated(model.calibration, model.margins);
  const { centralTendencyPpm } = config;
  if (centralTendencyPpm !== undefined && !isBetween(centralTendencyPpm)) {
    throw new RangeError('the central tendency lies between 0 and 1,000,000 ppm');
  }
  const priorShift =
    centralTendencyPpm === undefined
      ? 0
      : shiftToMean(margins, Number(centralTendencyPpm) / 1_000_000);
  const scale = pointScale(config.points);
  const { slope, intercept: calibrationIntercept } = model.calibration;
  const intercept = twelveDigits(calibrationIntercept + slope * model.fit.intercept + priorShift);
  const basePoints = basePointsOf(scale, intercept);
  const drafts = model.features.map((feature) => draftFeature(feature, slope, scale));

  const rows = margins.length;
  const scores = new Int32Array(rows).fill(basePoints);
  for (const [at, { bins }] of drafts.entries()) {
    const { rowBins } = (model.features[at] as ModelFeature).binned;
    for (let row = 0; row < rows; row += 1) {
      scores[row] = (scores[row] as number) + (bins[rowBins[row] as number] as CardBin).points;
    }
  }
  const scoreMargins = Float64Array.from(scores, (score) => marginAt(scale, score));
  // Whole points move the mean a little; this sets it right for the scores that ship.
  const mean = margins.reduce((sum, z) => sum + sigmoid(z + priorShift), 0) / rows;
  const residual = twelveDigits(shiftToMean(scoreMargins, mean));

  const worst = drafts.map(({ bins }) => Math.min(...bins.map(({ points }) => points)));
  const best = drafts.map(({ bins }) => Math.max(...bins.map(({ points }) => points)));
  const scoreMin = basePoints + worst.reduce((sum, points) => sum + points, 0);
  const scoreMax = basePoints + best.reduce((sum, points) => sum + points, 0);
  const pdPpmByScore = pdPpmTable(scale, residual, scoreMin, scoreMax);
  const accepted = Array.from(scores, (score) => {
    return gradeOf(pdPpmByScore[score - scoreMin] as number) !== 'D';
  });
  const features = drafts.map((draft, at): CardFeature => {
    const { rowBins } = (model.features[at] as ModelFeature).binned;
    return { ...draft, meanPoints: meanPointsOf(draft, rowBins, accepted) };
  });
  checkTexts(features, config);
  const card: Card = {
    featureIds,
    scale,
    intercept,
    basePoints,
    residual,
    features,
    scoreMin,
    scoreMax,
    pdPpmByScore,
    masterScale,
    reasonTexts: config.reasonTexts,
  };
  return { card, priorShift, scores };
}

const isBetween = (ppm: bigint): boolean => ppm > 0n && ppm < 1_000_000n;

function draftFeature(
  { binned, position, coefficient: raw }: ModelFeature,
  slope: number,
  scale: PointScale,
): Omit<CardFeature, 'meanPoints'> {
  const { definition, lookup } = binned;
  const coefficient = twelveDigits(raw * slope);
  const labels = binLabels(binned);
  const bins = binned.bins.map((bin: Bin, at): CardBin => {
    const weight = twelveDigits(bin.weight);
    const points = pointsOf(scale, coefficient, weight);
    return { ...bin, weight, points, label: labels[at] as string };
  });
  const regular = bins.filter(({ kind }) => kind === 'REGULAR');
  return {
    id: definition.id,
    position,
    trend: binned.trend,
    reasonCode: definition.reasonCode,
    missingReasonCode: definition.missingReasonCode ?? definition.reasonCode,
    specialReasonCode: definition.specialReasonCode ?? definition.reasonCode,
    informationValue: twelveDigits(binned.informationValue),
    coefficient,
    cuts: [...lookup.cuts],
    levels: levelsOf(binned),
    otherBin: lookup.otherBin,
    specials: lookup.specials,
    bins,
    bestPoints: Math.max(...regular.map(({ points }) => points)),
  };
}

const levelsOf = ({ lookup: { levels } }: BinnedFeature): CardFeature['levels'] =>
  levels === undefined ? null : [...levels].sort(([a], [b]) => a - b);

function meanPointsOf(
  { bins }: Pick<CardFeature, 'bins'>,
  rowBins: Int32Array,
  accepted: readonly boolean[],
): number {
  let sum = 0;
  let rows = 0;
  for (const [row, isAccepted] of accepted.entries()) {
    if (!isAccepted) continue;
    sum += bins[rowBins[row] as number]?.points as number;
    rows += 1;
  }
  return rows === 0 ? 0 : roundHalfAway(sum / rows);
}

function checkTexts(features: readonly CardFeature[], { reasonTexts }: TrainingConfig): void {
  const known = new Set(reasonTexts.map(({ code }) => code));
  for (const { id, reasonCode, missingReasonCode, specialReasonCode } of features) {
    for (const code of [reasonCode, missingReasonCode, specialReasonCode]) {
      if (!known.has(code)) throw new TrainingDataUnfit(`reason ${code} of ${id} has no text`);
    }
  }
}
