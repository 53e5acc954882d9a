import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TrainingTable } from './column.ts';
import { compile } from './compile.ts';
import { classOf, gradeOf } from './master-scale.ts';
import { artefact, config, provenance, scorer, table, vectorOf } from './synthetic-card.ts';
import { train } from './train.ts';

describe('a score', () => {
  it('is base plus points, by row and by column alike', () => {
    const points = new Int32Array(1_500);
    scorer.scorePoints(table.columns, points);
    for (let row = 0; row < 1_500; row += 50) {
      const result = scorer.score(vectorOf(row));
      const sum = result.contributions.reduce((total, one) => total + one.points, 0);
      expect(result.basePoints + sum).toBe(result.points);
      expect(points[row]).toBe(result.points);
      expect(result.pdPpm).toBe(BigInt(scorer.pdPpmAt(result.points)));
    }
  });

  it('PD does not rise and the grade is not worse as the score rises', () => {
    const { pdPpmByScore, scoreMin } = artefact.card;
    expect(pdPpmByScore).toEqual(pdPpmByScore.toSorted((a, b) => b - a));
    expect(scorer.pdPpmAt(scoreMin)).toBe(pdPpmByScore[0]);
  });

  it('that is higher has no lower limit, all else equal', () => {
    const { scoreMin, scoreMax } = artefact.card;
    const fen = fc.bigInt({ min: -1_000_000n, max: 10n ** 11n });
    fc.assert(
      fc.property(fen, fen, fen, (lowestMonthFen, firstQuartileMonthFen, sales12mFen) => {
        const sales = { lowestMonthFen, firstQuartileMonthFen, sales12mFen };
        let last = 0n;
        for (let points = scoreMin; points <= scoreMax; points += 1) {
          const grade = gradeOf(scorer.pdPpmAt(points));
          const { limitFen } = scorer.suggestedLimit(classOf(grade), sales);
          expect(limitFen).toBeGreaterThanOrEqual(last);
          last = limitFen;
        }
      }),
      { seed: 42, numRuns: 30 },
    );
  });

  it('keeps the promised trend in a sweep', () => {
    const sweep = (position: number, values: readonly number[]) =>
      values.map((value) => scorer.score(vectorOf(0).with(position, value)).points);
    const steps = Array.from({ length: 101 }, (_, at) => at / 100);
    const bySales = sweep(
      0,
      steps.map((x) => 1_000 * x),
    );
    expect(bySales).toEqual(bySales.toSorted((a, b) => a - b));
    const byReturns = sweep(
      1,
      steps.map((x) => x / 5),
    );
    expect(byReturns).toEqual(byReturns.toSorted((a, b) => b - a));
    const byGrowth = sweep(
      2,
      steps.map((x) => 2 * x - 1),
    );
    const top = byGrowth.indexOf(Math.max(...byGrowth));
    expect(byGrowth.slice(0, top)).toEqual(byGrowth.slice(0, top).toSorted((a, b) => a - b));
    expect(byGrowth.slice(top)).toEqual(byGrowth.slice(top).toSorted((a, b) => b - a));
    for (const swept of [bySales, byReturns, byGrowth])
      expect(new Set(swept).size).toBeGreaterThan(2);
  });

  it('tells missing, special, infinite and unseen values apart', () => {
    const result = scorer.score(vectorOf(0).with(0, Infinity).with(1, -1).with(3, 77));
    const kinds = Object.fromEntries(
      result.contributions.map(({ featureId, binKind }) => [featureId, binKind]),
    );
    expect(kinds).toMatchObject({ sales: 'MISSING', returns: 'SPECIAL' });
    expect([result.invalid, result.unseen]).toEqual([['sales'], ['trade']]);
    expect(scorer.score(vectorOf(0).with(3, 9)).unseen).toEqual([]);
  });

  it('gives a neutral special no points, and missing a reason of its own', () => {
    const pointsAt = (value: number) =>
      scorer.score(vectorOf(0).with(1, value)).contributions.find((c) => c.featureId === 'returns');
    expect(pointsAt(-2)).toMatchObject({ points: 0, reasonCode: 'FULFILMENT_LATE' });
    expect(pointsAt(Number.NaN)).toMatchObject({ reasonCode: 'HISTORY_TOO_SHORT' });
  });

  it('refuses a vector of another length', () => {
    expect(() => scorer.score(new Float64Array(4))).toThrow(RangeError);
  });

  it('has one reason at least in grade D', () => {
    let declined = 0;
    for (let row = 0; row < 1_500; row += 1) {
      const { grade, reasons, reasonsToMean } = scorer.score(vectorOf(row));
      if (grade !== 'D' && grade !== 'C3') continue;
      declined += 1;
      expect(Math.min(reasons.length, reasonsToMean.length)).toBeGreaterThanOrEqual(1);
    }
    expect(declined).toBeGreaterThan(0);
  });

  it('has the same points and reasons whatever the order of features', () => {
    const order = [4, 2, 0, 3, 1];
    const turned: TrainingTable = {
      features: order.map((at) => table.features[at] as (typeof table.features)[number]),
      columns: order.map((at) => table.columns[at] as Float64Array),
      bad: table.bad,
    };
    const other = train(turned, config, provenance);
    const turnedScorer = compile(other.artefact, other.report.artefactHash);
    for (let row = 0; row < 1_500; row += 25) {
      const vector = vectorOf(row);
      const again = turnedScorer.score(Float64Array.from(order, (at) => vector[at] as number));
      const { points, reasons, reasonsToMean } = scorer.score(vector);
      expect([again.points, again.reasons, again.reasonsToMean]).toEqual([
        points,
        reasons,
        reasonsToMean,
      ]);
    }
  });
});
