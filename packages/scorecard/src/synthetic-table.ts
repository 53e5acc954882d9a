/**
 * A made-up market for tests: seeded, synthetic, with known effects. `sales` is safe as it rises,
 * `returns` is risky, `growth` is risky at both ends, `trade` is a category, `noise` tells nothing;
 * `sales` is 0 for a fifth of the rows, `returns` may be missing or the special code -1.
 */
import type { FeatureDefinition, TrainingTable } from './column.ts';
import { sigmoid } from './logistic.ts';
import { seededRandom } from './random.ts';

export const syntheticFeatures: readonly FeatureDefinition[] = [
  { id: 'sales', trend: 'descending', specials: [], reasonCode: 'SALES_TOO_LOW' },
  {
    id: 'returns',
    trend: 'ascending',
    specials: [-1, -2],
    neutralSpecials: [-2],
    reasonCode: 'QUALITY_WEAK',
    missingReasonCode: 'HISTORY_TOO_SHORT',
    specialReasonCode: 'FULFILMENT_LATE',
  },
  { id: 'growth', trend: 'valley', specials: [], reasonCode: 'SALES_FALLING' },
  {
    id: 'trade',
    trend: 'auto',
    specials: [],
    reasonCode: 'BUYERS_CONCENTRATED',
    categorical: true,
  },
  { id: 'noise', trend: 'auto', specials: [], reasonCode: 'DEBT_TOO_HIGH' },
];

export function syntheticTable(rows: number, seed: number): TrainingTable {
  const random = seededRandom(seed);
  const columns = syntheticFeatures.map(() => new Float64Array(rows));
  const bad = new Uint8Array(rows);
  const tradeRisk = [-0.6, 0, 0.3, 0.9];
  for (let row = 0; row < rows; row += 1) {
    const sales = random.below(5) === 0 ? 0 : 1_000 * random.unit();
    const ratio = random.unit() / 5;
    const growth = 2 * random.unit() - 1;
    const trade = random.below(200) === 0 ? 9 : random.below(4);
    const gap = random.below(20);
    const returns = gap === 0 ? Number.NaN : gap === 1 ? -1 : ratio;
    const noise = Math.floor(1_000 * random.unit());
    const z = -0.9 - 0.003 * sales + 9 * ratio + 1.5 * growth * growth + (tradeRisk[trade] ?? 0);
    for (const [at, value] of [sales, returns, growth, trade, noise].entries()) {
      (columns[at] as Float64Array)[row] = value;
    }
    bad[row] = random.unit() < sigmoid(z) ? 1 : 0;
  }
  return { features: syntheticFeatures, columns, bad };
}
