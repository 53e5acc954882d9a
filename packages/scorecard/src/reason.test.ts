import fc from 'fast-check';
import { expect, it } from 'vitest';
import { noReason, pickReasons } from './reason.ts';

const codes = ['A', 'B', 'C', 'D', 'E', 'F'];

/** By code number, each with the points it lost. */
function picked(losses: readonly number[], stride = 1, row = 0): [number, number][] {
  const spread = new Int32Array(losses.length * stride + 3).fill(9_999);
  for (const [code, lost] of losses.entries()) spread[3 + code * stride] = lost;
  const found = { reasons: new Int32Array(12).fill(77), pointsLost: new Int32Array(12).fill(77) };
  pickReasons(spread, losses.length, 3, stride, found, row);
  const { reasons, pointsLost } = found;
  // Nothing but the row's own four places is written.
  expect(reasons.filter((code) => code === 77)).toHaveLength(8);
  const own = Array.from({ length: 4 }, (_, at): [number, number] => [
    reasons[4 * row + at] as number,
    pointsLost[4 * row + at] as number,
  ]);
  const none = own.findIndex(([code]) => code === noReason);
  const given = none < 0 ? own : own.slice(0, none);
  expect(own.slice(given.length)).toEqual(own.slice(given.length).map(() => [noReason, 0]));
  return given;
}

const named = (losses: readonly number[]) =>
  picked(losses).map(([code, lost]) => [codes[code], lost]);

it('are the greatest four sums, equal ones by code', () => {
  expect(named([5, 5, 3, 0, 1, 4])).toEqual([
    ['A', 5],
    ['B', 5],
    ['F', 4],
    ['C', 3],
  ]);
});

it('a code that loses nothing on the whole is no reason', () => {
  expect(named([0, -4, 1, 0, 0, 0])).toEqual([['C', 1]]);
  expect(named([])).toEqual([]);
});

it('are those of sorting all codes, wherever the losses stand', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -3, max: 6 }), { maxLength: 12 }),
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 0, max: 2 }),
      (losses, stride, row) => {
        const sorted = losses
          .map((lost, code): [number, number] => [code, lost])
          .filter(([, lost]) => lost > 0)
          .sort(([a, lostA], [b, lostB]) => lostB - lostA || a - b);
        expect(picked(losses, stride, row)).toEqual(sorted.slice(0, 4));
      },
    ),
    { seed: 42, numRuns: 500 },
  );
});
