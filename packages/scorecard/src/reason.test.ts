import { expect, it } from 'vitest';
import { seededRandom } from './random.ts';
import { type Loss, reasonsOf } from './reason.ts';

const codes = ['A', 'B', 'C', 'D', 'E', 'F'];
const texts = new Map(codes.map((code) => [code, { code, zh: `${code}中`, en: `${code} en` }]));
const given = (losses: readonly Loss[]) =>
  reasonsOf(losses, texts).map(({ code, pointsLost }) => [code, pointsLost]);

it('are the greatest four sums per code, then by code', () => {
  const losses = [
    { code: 'F', points: 2 },
    { code: 'C', points: 3 },
    { code: 'B', points: 5 },
    { code: 'A', points: 5 },
    { code: 'E', points: 1 },
    { code: 'F', points: 2 },
  ];
  expect(given(losses)).toEqual([
    ['A', 5],
    ['B', 5],
    ['F', 4],
    ['C', 3],
  ]);
});

it('carry both texts', () => {
  expect(reasonsOf([{ code: 'A', points: 1 }], texts)).toEqual([
    { code: 'A', zh: 'A中', en: 'A en', pointsLost: 1 },
  ]);
});

it('a code that gains on the whole is no reason', () => {
  const losses = [
    { code: 'A', points: 4 },
    { code: 'A', points: -4 },
    { code: 'B', points: 0 },
  ];
  expect(given(losses)).toEqual([]);
});

it('are at most four, distinct, positive and independent of the order of features', () => {
  const random = seededRandom(42);
  for (let turn = 0; turn < 200; turn += 1) {
    const losses = Array.from({ length: random.below(9) }, () => ({
      code: codes[random.below(codes.length)] as string,
      points: random.below(11) - 5,
    }));
    const reasons = given(losses);
    expect(reasons.length).toBeLessThanOrEqual(4);
    expect(new Set(reasons.map(([code]) => code)).size).toBe(reasons.length);
    for (const [, points] of reasons) expect(points).toBeGreaterThan(0);
    expect(given(losses.toReversed())).toEqual(reasons);
  }
});
