import type { Caller, Tenant } from '@lianbao/kernel';
import { describe, expect, it } from 'vitest';
import { inFlightLimit, rateLimit, streamLimit } from './limits.ts';

const caller = (partner: string): Caller => ({
  tenant: 'local' as Tenant,
  kind: 'PLATFORM',
  partner,
  person: partner,
  level: undefined,
});
const p = caller('platforms/p');
const over = (retryAfterMs: number) =>
  expect.objectContaining({ kind: 'EXHAUSTED', reason: 'QUOTA_EXCEEDED', retryAfterMs });

describe('the rate of one caller and rpc', () => {
  const limited = () => {
    const clock = { ms: 0 };
    return { clock, take: rateLimit({ callsPerSecond: 10, callsBurst: 3 }, () => clock.ms) };
  };

  it('allows the burst, and then one call each tenth of a second', () => {
    const { clock, take } = limited();
    for (let n = 0; n < 3; n += 1) take(p, 'a');
    expect(() => take(p, 'a')).toThrow(over(100));
    clock.ms = 99;
    expect(() => take(p, 'a')).toThrow(over(1));
    clock.ms = 100;
    take(p, 'a');
    expect(() => take(p, 'a')).toThrow(over(100));
  });

  it('saves no more than the burst', () => {
    const { clock, take } = limited();
    clock.ms = 1_000_000;
    for (let n = 0; n < 3; n += 1) take(p, 'a');
    expect(() => take(p, 'a')).toThrow(over(100));
  });

  it('is counted apart for each caller and each rpc', () => {
    const { take } = limited();
    for (let n = 0; n < 3; n += 1) take(p, 'a');
    take(p, 'b');
    take(caller('platforms/q'), 'a');
    expect(() => take(p, 'a')).toThrow(over(100));
  });
});

it('lets so many calls run at a time, and gives a place back once', () => {
  const { enter, count } = inFlightLimit({ callsInFlight: 2 });
  const [first] = [enter(), enter()];
  expect(enter).toThrow(
    expect.objectContaining({ kind: 'UNAVAILABLE', reason: 'OVERLOADED', retryAfterMs: 500 }),
  );
  first();
  first();
  expect(count()).toBe(1);
  enter();
  expect(enter).toThrow();
});

it('lets each caller hold so many streams, and gives a place back once', () => {
  const open = streamLimit({ streamsPerCaller: 2, streamMs: 240_000 });
  const [first] = [open('p'), open('p')];
  expect(() => open('p')).toThrow(over(1_000));
  open('q');
  first();
  first();
  open('p');
  expect(() => open('p')).toThrow(over(1_000));
});
