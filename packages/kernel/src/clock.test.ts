import { expect, it } from 'vitest';
import { shiftedClock, steppedClock } from './clock.ts';

const start = new Date('2020-02-21T01:00:00.000Z');

it('stands still until it is told to move', () => {
  const clock = steppedClock(start);
  expect(clock.now()).toEqual(start);
  expect(clock.now()).toEqual(start);
  clock.advance(86_400_000);
  expect(clock.now()).toEqual(new Date('2020-02-22T01:00:00.000Z'));
});

it('hands out moments that nobody can turn back', () => {
  const clock = steppedClock(start);
  clock.now().setTime(0);
  expect(clock.now()).toEqual(start);
});

it('runs like its source from another moment on', () => {
  const source = steppedClock(new Date('2026-01-01T00:00:00.000Z'));
  const now = shiftedClock(source.now, start);
  expect(now()).toEqual(start);
  source.advance(1_500);
  expect(now()).toEqual(new Date('2020-02-21T01:00:01.500Z'));
});
