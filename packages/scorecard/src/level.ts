/**
 * Levels of a categorical feature. Rare ones are pooled; ordered by smoothed bad rate, the best
 * partition of levels is contiguous (Fisher 1958, Breiman 1984), so the programme for numbers serves.
 */
import type { FeatureDefinition } from './column.ts';
import type { BinningConfig } from './config.ts';
import type { Totals } from './weight-of-evidence.ts';

export interface Level {
  readonly codes: readonly number[];
  readonly goods: number;
  readonly bads: number;
}

/** From the safest to the riskiest; `pooled` is the one that took the rare levels, if there were any. */
export function orderLevels(
  { specials }: FeatureDefinition,
  column: Float64Array,
  bad: Uint8Array,
  { goods, bads }: Totals,
  config: BinningConfig,
): { readonly ordered: readonly Level[]; readonly pooled: Level | undefined } {
  const counts = new Map<number, { goods: number; bads: number }>();
  for (let row = 0; row < column.length; row += 1) {
    const code = column[row] as number;
    if (!Number.isFinite(code) || specials.includes(code)) continue;
    const count = counts.get(code) ?? { goods: 0, bads: 0 };
    count[bad[row] === 1 ? 'bads' : 'goods'] += 1;
    counts.set(code, count);
  }
  const rowsMin = Math.max(15, Math.ceil(0.005 * (goods + bads)));
  const levels: Level[] = [];
  let pooled: Level | undefined;
  for (const [code, count] of [...counts].sort(([a], [b]) => a - b)) {
    if (count.goods + count.bads >= rowsMin) {
      levels.push({ codes: [code], ...count });
      continue;
    }
    pooled = {
      codes: [...(pooled?.codes ?? []), code],
      goods: (pooled?.goods ?? 0) + count.goods,
      bads: (pooled?.bads ?? 0) + count.bads,
    };
  }
  const baseRate = bads / (goods + bads);
  const rate = (level: Level): number =>
    (level.bads + config.shrinkageRows * baseRate) /
    (level.goods + level.bads + config.shrinkageRows);
  const all = pooled === undefined ? levels : [...levels, pooled];
  return { ordered: all.toSorted((a, b) => rate(a) - rate(b)), pooled };
}
