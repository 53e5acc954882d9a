import { describe, expect, it } from 'vitest';
import { buckets } from './buckets.ts';

const limited = () => {
  const clock = { ms: 0 };
  return { clock, ...buckets({ perSecond: 10, burst: 3 }, () => clock.ms) };
};

describe('a bucket', () => {
  it('gives its burst, and then says how long to wait', () => {
    const { clock, take } = limited();
    expect([take('a'), take('a'), take('a'), take('a')]).toEqual([0, 0, 0, 100]);
    clock.ms = 100;
    expect([take('a'), take('a')]).toEqual([0, 100]);
  });

  it('gives again what was given back, and no more than its burst', () => {
    const { clock, take, giveBack } = limited();
    for (let n = 0; n < 3; n += 1) take('a');
    giveBack('a');
    expect([take('a'), take('a')]).toEqual([0, 100]);
    clock.ms = 1_000;
    giveBack('a');
    giveBack('never taken');
    expect([take('a'), take('a'), take('a'), take('a')]).toEqual([0, 0, 0, 100]);
  });
});

it('forgets the bucket used least lately beyond ten thousand', () => {
  const { take } = limited();
  const empty = (key: string) => {
    for (let n = 0; n < 3; n += 1) take(key);
  };
  empty('oldest');
  empty('used again');
  for (let n = 0; n < 9_998; n += 1) take(`peer ${n}`);
  expect(take('used again')).toBe(100); // Refused, and so not used.
  take('one more');
  expect(take('oldest')).toBe(0);
});
