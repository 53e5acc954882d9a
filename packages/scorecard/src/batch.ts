/**
 * Many rows at once, a block of rows a feature, so that every loop is short and its arrays stay in the
 * first cache. Allocates nothing per row; the same answers as row by row.
 */
import { fillBins } from './lookup.ts';
import { pickReasons, type ReasonColumns, reasonsMax } from './reason.ts';
import type { ScoreTable } from './score-table.ts';

/** One place a row, four for reasons and points lost. Reasons are by points lost to the best bin. */
export interface Answers extends ReasonColumns {
  readonly points: Int32Array;
  readonly pdPpm: Int32Array;
  /** How many values were scored as missing since they were infinite or no number. */
  readonly invalid: Int32Array;
}

export const answersFor = (rows: number): Answers => ({
  points: new Int32Array(rows),
  pdPpm: new Int32Array(rows),
  reasons: new Int32Array(rows * reasonsMax),
  pointsLost: new Int32Array(rows * reasonsMax),
  invalid: new Int32Array(rows),
});

/** A value may be anything: what is no number is invalid, what is null or not there is missing. */
export type ValueRow = Readonly<Record<string, unknown>>;

export interface BatchCard {
  readonly tables: readonly ScoreTable[];
  readonly codeCount: number;
  readonly basePoints: number;
  readonly scoreMin: number;
  readonly pdPpmByScore: Int32Array;
}

export interface BatchScorer {
  scorePoints(columns: readonly Float64Array[], points: Int32Array): void;
  scoreColumns(columns: readonly Float64Array[], answers: Answers): void;
  scoreObjects(rows: readonly ValueRow[], answers: Answers): void;
}

const blockRows = 512;

export function batchScorer(card: BatchCard): BatchScorer {
  const { tables, codeCount, basePoints, scoreMin, pdPpmByScore } = card;
  const bins = new Int32Array(blockRows);
  const read = new Float64Array(blockRows);
  const losses = new Int32Array(blockRows * codeCount);

  const addPoints = (table: ScoreTable, values: Float64Array, points: Int32Array): void => {
    fillBins(table.lookup, values, bins);
    const gained = table.points;
    for (let row = 0; row < values.length; row += 1) {
      points[row] = (points[row] as number) + (gained[bins[row] as number] as number);
    }
  };

  /** Of the bins that `addPoints` has found; a code's losses of a block stand side by side. */
  const addLosses = ({ codes, lostToBest }: ScoreTable, rows: number): void => {
    for (let row = 0; row < rows; row += 1) {
      const bin = bins[row] as number;
      const at = (codes[bin] as number) * blockRows + row;
      losses[at] = (losses[at] as number) + (lostToBest[bin] as number);
    }
  };

  /** Scores the rows of a block, of which `valuesOf` gives a feature's values. */
  const scoreBlock = (
    from: number,
    to: number,
    { points, pdPpm, reasons, pointsLost, invalid }: Answers,
    valuesOf: (table: ScoreTable, invalid: Int32Array) => Float64Array,
  ): void => {
    const blockPoints = points.subarray(from, to).fill(basePoints);
    const blockInvalid = invalid.subarray(from, to).fill(0);
    losses.fill(0);
    for (const table of tables) {
      const values = valuesOf(table, blockInvalid);
      addPoints(table, values, blockPoints);
      addLosses(table, values.length);
      countInfinities(values, blockInvalid);
    }
    const picked = { reasons, pointsLost };
    for (let row = from; row < to; row += 1) {
      pdPpm[row] = pdPpmByScore[(points[row] as number) - scoreMin] as number;
      pickReasons(losses, codeCount, row - from, blockRows, picked, row);
    }
  };

  const readColumn =
    (columns: readonly Float64Array[], from: number, to: number) =>
    ({ feature }: ScoreTable): Float64Array =>
      (columns[feature.position] as Float64Array).subarray(from, to);

  const readObjects =
    (rows: readonly ValueRow[], from: number, to: number) =>
    ({ feature: { id } }: ScoreTable, invalid: Int32Array): Float64Array => {
      for (let row = from; row < to; row += 1) {
        const value = (rows[row] as ValueRow)[id];
        if (typeof value === 'number') read[row - from] = value;
        else {
          read[row - from] = Number.NaN;
          if (value !== undefined && value !== null) {
            invalid[row - from] = (invalid[row - from] as number) + 1;
          }
        }
      }
      return to - from === blockRows ? read : read.subarray(0, to - from);
    };

  return {
    scorePoints: (columns, points) => {
      forEachBlock(points.length, (from, to) => {
        const blockPoints = points.subarray(from, to).fill(basePoints);
        for (const table of tables) {
          const column = columns[table.feature.position] as Float64Array;
          addPoints(table, column.subarray(from, to), blockPoints);
        }
      });
    },
    scoreColumns: (columns, answers) => {
      forEachBlock(answers.points.length, (from, to) =>
        scoreBlock(from, to, answers, readColumn(columns, from, to)),
      );
    },
    scoreObjects: (rows, answers) => {
      forEachBlock(rows.length, (from, to) =>
        scoreBlock(from, to, answers, readObjects(rows, from, to)),
      );
    },
  };
}

function forEachBlock(rows: number, work: (from: number, to: number) => void): void {
  for (let from = 0; from < rows; from += blockRows) work(from, Math.min(rows, from + blockRows));
}

function countInfinities(values: Float64Array, counts: Int32Array): void {
  for (let row = 0; row < values.length; row += 1) {
    const value = values[row] as number;
    if (value === Infinity || value === -Infinity) counts[row] = (counts[row] as number) + 1;
  }
}
