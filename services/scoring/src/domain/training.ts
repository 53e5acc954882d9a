/**
 * Training of a model on the sellers whose outcome is known: artefact, and a report on folds that the
 * model had not seen. Pure; the same sample gives the same bytes.
 */
import { type CalendarDate, contentHash } from '@lianbao/kernel';
import {
  artefactHash,
  artefactText,
  type CrossValidation,
  crossValidate,
  defaultConfig,
  grades,
  seededRandom,
  type TrainingConfig,
  TrainingDataUnfit,
  type TrainingTable,
  train,
} from '@lianbao/scorecard';
import { featureSetVersion, features } from './feature.ts';
import { reasonTexts } from './reason-text.ts';
import type { ModelReport, PointsRow } from './score-model.ts';

export interface LabelledSeller {
  readonly seller: string;
  readonly isBad: boolean;
  readonly observedDate: CalendarDate;
  readonly watermark: bigint;
  /** In the order of `features`; NaN is missing. */
  readonly vector: readonly number[];
}

export interface TrainingSample {
  readonly asOf: CalendarDate;
  readonly centralTendencyPpm: bigint;
  readonly labels: readonly LabelledSeller[];
}

export interface TrainedModel {
  readonly artefactText: string;
  readonly artefactHash: string;
  readonly report: ModelReport;
}

const folds = 5;
const shuffles = 5;

/** SHA-256 of what a model is trained on. */
export const sampleHash = ({ asOf, centralTendencyPpm, labels }: TrainingSample): string =>
  contentHash({
    asOf,
    centralTendencyPpm: String(centralTendencyPpm),
    featureSetVersion,
    labels: labels.map(({ seller, isBad, observedDate, watermark, vector }) => [
      seller,
      isBad,
      observedDate,
      String(watermark),
      vector.map(String),
    ]),
  });

/** Throws TrainingDataUnfit when the sample cannot carry a model, or folds to judge it by. */
export function trainOn(sample: TrainingSample): TrainedModel {
  const table = tableOf(sample);
  const config: TrainingConfig = {
    ...defaultConfig,
    reasonTexts,
    centralTendencyPpm: sample.centralTendencyPpm,
  };
  const provenance = { featureSetVersion, asOf: sample.asOf, dataHash: sampleHash(sample) };
  const { artefact } = train(table, config, provenance);
  const { card } = artefact;
  const held = crossValidate(table, config, folds);
  requireFolds(held);
  const badCount = table.bad.reduce((sum, bad) => sum + bad, 0);
  return {
    artefactText: artefactText(artefact),
    artefactHash: artefactHash(artefact),
    report: {
      goodCount: table.bad.length - badCount,
      badCount,
      aucPpm: ppm(held.auc),
      aucDeviationPpm: ppm(held.aucDeviation),
      ksPpm: ppm(held.ks),
      brierPpm: ppm(held.brier),
      shuffledAucPpm: ppm(shuffledAuc(table, config)),
      basePoints: card.basePoints,
      points: card.features.flatMap(({ id, bins }) =>
        bins.map(
          (bin): PointsRow => ({
            feature: id,
            bin: bin.label,
            points: bin.points,
            goodCount: bin.goods,
            badCount: bin.bads,
          }),
        ),
      ),
      grades: grades.map((grade) => ({
        grade,
        count: held.rows.filter((row) => row.grade === grade).length,
        countUnshifted: held.rows.filter((row) => row.sampleGrade === grade).length,
      })),
    },
  };
}

const tableOf = ({ labels }: TrainingSample): TrainingTable => ({
  features,
  columns: features.map((_, at) => Float64Array.from(labels, ({ vector }) => vector[at] as number)),
  bad: Uint8Array.from(labels, ({ isBad }) => (isBad ? 1 : 0)),
});

function requireFolds({ auc, aucDeviation }: CrossValidation): void {
  if (Number.isFinite(auc) && Number.isFinite(aucDeviation)) return;
  throw new TrainingDataUnfit('fewer than two folds have sellers of both outcomes');
}

/** Mean over seeded shuffles of the labels; those that leave no fold to judge by do not count. */
function shuffledAuc(table: TrainingTable, config: TrainingConfig): number {
  const found: number[] = [];
  for (let turn = 0; turn < shuffles; turn += 1) {
    const random = seededRandom(config.seed + turn);
    const bad = table.bad.slice();
    for (let at = bad.length - 1; at > 0; at -= 1) {
      const other = random.below(at + 1);
      [bad[at], bad[other]] = [bad[other] as number, bad[at] as number];
    }
    const auc = aucOf({ ...table, bad }, config);
    if (!Number.isNaN(auc)) found.push(auc);
  }
  if (found.length === 0) throw new TrainingDataUnfit('too few of one outcome to shuffle');
  return found.reduce((sum, auc) => sum + auc, 0) / found.length;
}

/** NaN when there is nothing to judge by. */
function aucOf(table: TrainingTable, config: TrainingConfig): number {
  try {
    return crossValidate(table, config, folds).auc;
  } catch (error) {
    if (error instanceof TrainingDataUnfit) return Number.NaN;
    throw error;
  }
}

const ppm = (share: number): number => Math.round(share * 1_000_000);
