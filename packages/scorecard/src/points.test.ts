import { describe, expect, it } from 'vitest';
import { classOf, gradeOf, grades } from './master-scale.ts';
import { basePointsOf, marginAt, pdPpmOf, pdPpmTable, pointScale, pointsOf } from './points.ts';

const scale = pointScale({ target: 600, odds: 50, pdo: 20 });

describe('points', () => {
  it('600 at 50 to 1 is PD 1/51, 20 more double the odds', () => {
    expect(scale.factor).toBeCloseTo(28.8539, 4);
    expect(scale.offset).toBeCloseTo(487.1229, 4);
    expect(pdPpmOf(marginAt(scale, 600))).toBe(19_608);
    expect(pdPpmOf(marginAt(scale, 620))).toBe(9_901);
  });

  it('a safer bin has more points, halves go away from zero', () => {
    expect(pointsOf(scale, -1, 1)).toBe(29);
    expect(pointsOf(scale, -1, -1)).toBe(-29);
    const half = pointScale({ target: 0, odds: 1, pdo: Math.log(2) / 2 });
    expect([pointsOf(half, -1, 1), pointsOf(half, -1, -1)]).toEqual([1, -1]);
    expect(basePointsOf(scale, 0)).toBe(487);
  });

  it('PD falls as the score rises, rounds up, and is never nothing nor certain', () => {
    const table = pdPpmTable(scale, 0, -500, 1_500);
    expect(table).toEqual(table.toSorted((a, b) => b - a));
    expect([table[0], table.at(-1)]).toEqual([999_999, 1]);
  });
});

it.each([
  [1_250, 'A1', 'A'],
  [1_251, 'A2', 'A'],
  [5_000, 'A3', 'A'],
  [5_001, 'B1', 'B'],
  [40_000, 'B3', 'B'],
  [40_001, 'C1', 'C'],
  [320_000, 'C3', 'C'],
  [320_001, 'D', 'D'],
] as const)('PD %d ppm is grade %s, class %s', (pdPpm, grade, creditClass) => {
  expect(gradeOf(pdPpm)).toBe(grade);
  expect(classOf(gradeOf(pdPpm))).toBe(creditClass);
  expect(grades).toHaveLength(10);
});
