import { describe, expect, it } from 'vitest';
import { type BinnedFeature, binFeature, trendWorths } from './binning.ts';
import type { FeatureDefinition } from './column.ts';
import { defaultConfig } from './config.ts';
import { binLabels } from './label.ts';
import { binOf } from './lookup.ts';
import { seededRandom } from './random.ts';
import { syntheticTable } from './synthetic-table.ts';

const definition = (change: Partial<FeatureDefinition> = {}): FeatureDefinition => ({
  id: 'x',
  trend: 'ascending',
  specials: [],
  reasonCode: 'QUALITY_WEAK',
  ...change,
});

/** 0..99 ten times over, riskier as it rises; every tenth value is replaced. */
function column(replacement: number): { values: Float64Array; bad: Uint8Array } {
  const random = seededRandom(42);
  const values = Float64Array.from({ length: 1_000 }, (_, row) => row % 100);
  const bad = Uint8Array.from(values, (x) => (random.below(200) < 20 + x ? 1 : 0));
  return { values: values.map((x, row) => (row % 10 === 7 ? replacement : x)), bad };
}

const binned = (replacement: number, change: Partial<FeatureDefinition> = {}): BinnedFeature => {
  const { values, bad } = column(replacement);
  return binFeature(definition(change), values, bad, defaultConfig.binning);
};

const bins = (feature: BinnedFeature, kind: string) =>
  feature.bins.filter((bin) => bin.kind === kind);

const rowsOf = (feature: BinnedFeature): number =>
  feature.bins.reduce((sum, { goods, bads }) => sum + goods + bads, 0);

describe('bins', () => {
  it('count every row once, special and missing beside the regular ones', () => {
    for (const feature of [binned(Number.NaN), binned(-1, { specials: [-1] }), binned(55)]) {
      expect(rowsOf(feature)).toBe(1_000);
    }
    const [missing] = bins(binned(Number.NaN), 'MISSING');
    expect((missing?.goods ?? 0) + (missing?.bads ?? 0)).toBe(100);
  });

  it('a special 0 keeps its own weight beside missing', () => {
    const feature = binned(0, { specials: [0] });
    const [special] = bins(feature, 'SPECIAL');
    const [missing] = bins(feature, 'MISSING');
    expect((special?.goods ?? 0) + (special?.bads ?? 0)).toBe(110);
    expect(special?.weight).not.toBe(0);
    expect(missing).toEqual({ kind: 'MISSING', goods: 0, bads: 0, weight: expect.closeTo(0, 12) });
    expect(binOf(feature.lookup, -0)).toBe(feature.lookup.specialBin);
  });

  it('gives each special code a bin of its own', () => {
    const { values, bad } = column(-1);
    const two = values.map((x, row) => (row % 20 === 17 ? -2 : x));
    const feature = binFeature(definition({ specials: [-1, -2] }), two, bad, defaultConfig.binning);
    expect(bins(feature, 'SPECIAL').map(({ goods, bads }) => goods + bads)).toEqual([50, 50]);
    expect(binLabels(feature).slice(-3)).toEqual(['special -1', 'special -2', 'missing']);
  });

  it('a value equal to a cut goes left, the next number right', () => {
    const { lookup } = binned(55);
    for (const [at, cut] of lookup.cuts.entries()) {
      expect(binOf(lookup, cut)).toBe(at);
      expect(binOf(lookup, cut + 1e-9)).toBe(at + 1);
    }
  });

  it.each([Number.NaN, Infinity, -Infinity])('scores %d as missing', (value) => {
    const { lookup } = binned(55);
    expect(binOf(lookup, value)).toBe(lookup.missingBin);
  });

  it('an all-special column and one of a single value have no regular weight, and say why', () => {
    const bad = Uint8Array.from({ length: 100 }, (_, row) => (row % 3 === 0 ? 1 : 0));
    const all = (value: number, specials: readonly number[]) =>
      binFeature(
        definition({ specials }),
        new Float64Array(100).fill(value),
        bad,
        defaultConfig.binning,
      );
    for (const feature of [all(9, [9]), all(9, [])]) {
      expect(feature.note).toBe('single value');
      expect(bins(feature, 'REGULAR').map(({ weight }) => weight)).toEqual([0]);
      expect(feature.informationValue).toBeLessThan(0.01);
    }
  });

  it('a perfect separator is flagged, not called useless', () => {
    const values = Float64Array.from({ length: 200 }, (_, row) => row);
    const bad = Uint8Array.from(values, (x) => (x < 50 ? 1 : 0));
    const note = (part: Partial<FeatureDefinition>) =>
      binFeature(definition(part), values, bad, defaultConfig.binning).note;
    expect(note({ trend: 'auto' })).toMatch(/parts the classes/);
  });

  it('policy worst costs what the riskiest bin costs, neutral nothing', () => {
    const weightOfMissing = (missingPolicy: 'own' | 'neutral' | 'worst') =>
      bins(binned(Number.NaN, { missingPolicy }), 'MISSING')[0]?.weight;
    const regular = bins(binned(Number.NaN), 'REGULAR').map(({ weight }) => weight);
    expect(weightOfMissing('worst')).toBe(Math.min(...regular));
    expect(weightOfMissing('neutral')).toBe(0);
    const neutral = binned(-1, { specials: [-1], neutralSpecials: [-1] });
    expect(bins(neutral, 'SPECIAL')[0]?.weight).toBe(0);
  });

  it('hold the promised trend', () => {
    const rates = bins(binned(55), 'REGULAR').map(({ goods, bads }) => bads / (goods + bads));
    expect(rates.length).toBeGreaterThan(2);
    expect(rates).toEqual(rates.toSorted((a, b) => a - b));
  });

  it('a trend promised the wrong way round gives two bins or says why not', () => {
    const feature = binned(55, { trend: 'descending' });
    const regular = bins(feature, 'REGULAR').length;
    expect(regular === 1 ? feature.note : regular).toBe(regular === 1 ? 'no admissible split' : 2);
  });

  it('auto is never worth less than either monotone trend', () => {
    const table = syntheticTable(1_500, 3);
    for (const [at, values] of table.columns.entries()) {
      const wanted = definition({ ...table.features[at], trend: 'auto', categorical: false });
      const feature = binFeature(wanted, values, table.bad, defaultConfig.binning);
      const worths = trendWorths(feature);
      const chosen = worths[feature.trend] ?? -Infinity;
      expect(chosen).toBeGreaterThanOrEqual(worths.ascending ?? -Infinity);
      expect(chosen).toBeGreaterThanOrEqual(worths.descending ?? -Infinity);
    }
  });
});

describe('levels', () => {
  const table = syntheticTable(2_000, 5);
  const trade = binFeature(
    definition({ id: 'trade', categorical: true }),
    table.columns[3] as Float64Array,
    table.bad,
    defaultConfig.binning,
  );

  it('are ordered by bad rate, rare ones pooled, unseen ones sent after them', () => {
    const rates = bins(trade, 'REGULAR').map(({ goods, bads }) => bads / (goods + bads));
    expect(rates).toEqual(rates.toSorted((a, b) => a - b));
    expect(trade.lookup.levels?.get(9)).toBe(trade.lookup.otherBin);
    expect(binOf(trade.lookup, 77)).toBe(trade.lookup.otherBin);
    expect(rowsOf(trade)).toBe(2_000);
  });

  it('unseen ones cost nothing where none was rare', () => {
    const codes = (table.columns[3] as Float64Array).map((code) => code % 4);
    const feature = binFeature(
      definition({ categorical: true }),
      codes,
      table.bad,
      defaultConfig.binning,
    );
    const other = feature.bins[binOf(feature.lookup, 77)];
    expect(other).toEqual({ kind: 'OTHER', goods: 0, bads: 0, weight: expect.closeTo(0, 12) });
  });
});
