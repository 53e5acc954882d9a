import { expect, it } from 'vitest';
import { planAge } from './plan-age.ts';

it('drops plans after one second, then after twice as long each time, at last each minute', () => {
  let now = 0;
  const plans = planAge(() => now);
  const kept = [];
  for (let last = 0; kept.length < 8; ) {
    now += 500;
    if (!plans.isOver()) continue;
    kept.push((now - last) / 1_000);
    last = now;
  }
  expect(kept).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
});
