/**
 * What goes in: a table of columns, one a feature, and the label. A value is a finite number; NaN is
 * missing, a listed code is special, an infinity is invalid and scored as missing (scoring.md 1).
 */

/** Of the bad rate as the value rises. */
export type Trend = 'ascending' | 'descending' | 'peak' | 'valley' | 'none';

export interface FeatureDefinition {
  readonly id: string;
  /** `auto` lets the data choose; for a categorical feature the trend has no meaning. */
  readonly trend: Trend | 'auto';
  readonly specials: readonly number[];
  readonly reasonCode: string;
  /** The value is the code of a level; levels are ordered by their smoothed bad rate. */
  readonly categorical?: boolean;
  /** What missing costs: its own weight (default), nothing, or what the riskiest bin costs. */
  readonly missingPolicy?: 'own' | 'neutral' | 'worst';
  /** Special codes that cost nothing, such as "not consented". */
  readonly neutralSpecials?: readonly number[];
  /** The reason when the value is missing, `reasonCode` by default. */
  readonly missingReasonCode?: string;
  /** The reason when the value is special, `reasonCode` by default. */
  readonly specialReasonCode?: string;
}

export interface TrainingTable {
  readonly features: readonly FeatureDefinition[];
  /** One a feature, all of one length; NaN is missing. */
  readonly columns: readonly Float64Array[];
  /** 1 is bad, 0 is good. */
  readonly bad: Uint8Array;
}

/** The table cannot be trained on; `why` is for a person. */
export class TrainingDataUnfit extends Error {
  readonly why: string;
  constructor(why: string) {
    super(`training data unfit: ${why}`);
    this.name = 'TrainingDataUnfit';
    this.why = why;
  }
}

export function checkTable({ features, columns, bad }: TrainingTable): void {
  const fail = (why: string): never => {
    throw new TrainingDataUnfit(why);
  };
  if (features.length !== columns.length) fail('features and columns differ in number');
  if (new Set(features.map(({ id }) => id)).size < features.length) fail('a feature id repeats');
  for (const [at, column] of columns.entries()) {
    if (column.length !== bad.length) fail(`column ${features[at]?.id} has another length`);
  }
  let bads = 0;
  for (const label of bad) {
    if (label > 1) fail('a label is neither 0 nor 1');
    bads += label;
  }
  if (bads === 0) fail('no row is bad');
  if (bads === bad.length) fail('no row is good');
}

/** The rows at these positions, in this order. */
export function rowsOf(table: TrainingTable, rows: Int32Array): TrainingTable {
  return {
    features: table.features,
    columns: table.columns.map((column) => valuesAt(column, rows)),
    bad: Uint8Array.from(rows, (row) => table.bad[row] as number),
  };
}

/** A loop: `Float64Array.from` takes ten times as long. */
export function valuesAt(values: Float64Array, positions: Int32Array): Float64Array {
  const found = new Float64Array(positions.length);
  for (let at = 0; at < positions.length; at += 1) {
    found[at] = values[positions[at] as number] as number;
  }
  return found;
}

export interface Split {
  readonly train: Int32Array;
  readonly test: Int32Array;
}

/** By position % folds, the last residue first: 4, 0, 1, 2, 3 for five (scoring.md 2). No shuffling. */
export function splitsOf(rows: number, folds: number): Split[] {
  const positions = Array.from({ length: rows }, (_, row) => row);
  return Array.from({ length: folds }, (_, turn) => {
    const residue = (turn + folds - 1) % folds;
    return {
      train: Int32Array.from(positions.filter((row) => row % folds !== residue)),
      test: Int32Array.from(positions.filter((row) => row % folds === residue)),
    };
  });
}
