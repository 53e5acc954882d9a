import { expect, it } from 'vitest';
import { shardPauses } from './shard-pauses.ts';

function setUp() {
  let now = 1_000;
  const pauses = shardPauses(500, () => now);
  return {
    pauses,
    after: (milliseconds: number) => {
      now += milliseconds;
    },
  };
}

it('lets a shard rest twice as long after each failure, up to the longest rest', () => {
  const { pauses, after } = setUp();
  const rests = [100, 200, 400, 500, 500].map((expected) => {
    pauses.failed(3);
    const rest = pauses.nextEndMs();
    after(expected - 1);
    expect(pauses.isResting(3)).toBe(true);
    after(1);
    expect(pauses.isResting(3)).toBe(false);
    return rest;
  });
  expect(rests).toEqual([100, 200, 400, 500, 500]);
});

it('begins again with the shortest rest after a success', () => {
  const { pauses, after } = setUp();
  pauses.failed(3);
  after(100);
  pauses.failed(3);
  pauses.succeeded(3);
  expect(pauses.isSuspect(3)).toBe(false);
  expect(pauses.nextEndMs()).toBeUndefined();
  pauses.failed(3);
  expect(pauses.nextEndMs()).toBe(100);
});

it('suspects all that failed together without letting them rest', () => {
  const { pauses } = setUp();
  pauses.suspect(1);
  expect(pauses.isSuspect(1)).toBe(true);
  expect(pauses.isResting(1)).toBe(false);
  expect(pauses.isSuspect(2)).toBe(false);
  expect(pauses.nextEndMs()).toBe(0);
});
