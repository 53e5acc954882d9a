import type { CalendarDate } from '@lianbao/kernel';
import { compile, seededRandom, TrainingDataUnfit } from '@lianbao/scorecard';
import { describe, expect, it } from 'vitest';
import { features } from './feature.ts';
import { type LabelledSeller, trainOn } from './training.ts';

/** Seeded sellers: the bad ones are weaker in every way, more or less. */
function labelsOf(count: number, isBad: (at: number) => boolean): LabelledSeller[] {
  const random = seededRandom(11);
  return Array.from({ length: count }, (_, at) => {
    const strength = random.unit() + (isBad(at) ? 0 : 0.6);
    return {
      seller: `platforms/p/sellers/s${at}`,
      isBad: isBad(at),
      observedDate: '2020-02-21' as CalendarDate,
      watermark: 1n,
      vector: features.map(({ trend }) => {
        const value = strength + random.unit() / 3;
        return trend === 'ascending' ? -value : value;
      }),
    };
  });
}

const sampleOf = (labels: readonly LabelledSeller[]) => ({
  asOf: '2020-02-21' as CalendarDate,
  centralTendencyPpm: 30_000n,
  labels,
});

describe('trainOn', () => {
  const sample = sampleOf(labelsOf(90, (at) => at % 3 === 1));
  const trained = trainOn(sample);

  it('gives a model that finds the signal, and none where labels are shuffled', () => {
    const { artefactText, artefactHash, report } = trained;
    expect(compile(artefactText, artefactHash).featureIds).toEqual(features.map(({ id }) => id));
    expect([report.goodCount, report.badCount]).toEqual([60, 30]);
    expect(report.aucPpm).toBeGreaterThan(700_000);
    expect(Math.abs(report.shuffledAucPpm - 500_000)).toBeLessThan(120_000);
    expect(report.grades.reduce((sum, { count }) => sum + count, 0)).toBe(90);
    expect(report.points.some(({ feature }) => feature === 'ln_sales')).toBe(true);
  });

  it('gives the same bytes twice', () => {
    expect(trainOn(sample)).toEqual(trained);
  }, 30_000);

  it('is unfit where one fold holds all that defaulted', () => {
    const sample = sampleOf(labelsOf(40, (at) => at % 5 === 0));
    expect(() => trainOn(sample)).toThrow(TrainingDataUnfit);
  });
});
