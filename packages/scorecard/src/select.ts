/** Which binned features enter the model, and why the others do not. */
import { type Bin, type BinnedFeature, binFeature } from './binning.ts';
import { type TrainingTable, valuesAt } from './column.ts';
import type { TrainingConfig } from './config.ts';

export interface DroppedFeature {
  readonly id: string;
  readonly informationValue: number;
  readonly why: string;
}

export interface Selection {
  readonly kept: readonly BinnedFeature[];
  /** Position of each kept feature in the table. */
  readonly positions: readonly number[];
  readonly dropped: readonly DroppedFeature[];
}

export function selectFeatures(table: TrainingTable, config: TrainingConfig): Selection {
  const kept: BinnedFeature[] = [];
  const positions: number[] = [];
  const dropped: DroppedFeature[] = [];
  for (const [at, definition] of table.features.entries()) {
    const column = table.columns[at] as Float64Array;
    const feature = binFeature(definition, column, table.bad, config.binning);
    if (feature.informationValue >= config.informationValueMin) {
      kept.push(feature);
      positions.push(at);
      continue;
    }
    const why = feature.note || `information value below ${config.informationValueMin}`;
    dropped.push({ id: definition.id, informationValue: feature.informationValue, why });
  }
  return { kept, positions, dropped };
}

/** The weight of each training row. */
export const trainingWeights = ({ bins, rowBins }: BinnedFeature): Float64Array =>
  weightsOf(bins, rowBins);

export const weightsOf = (bins: readonly Bin[], rowBins: Int32Array): Float64Array =>
  valuesAt(
    Float64Array.from(bins, ({ weight }) => weight),
    rowBins,
  );
