import { randomUUID } from 'node:crypto';
import { silentLog, type Tenant, type Uid } from '@lianbao/kernel';
import { describe, expect, it } from 'vitest';
import { changeHub } from './changes.ts';

const hourMs = 3_600_000;
const hub = () => changeHub(async () => new Map(), silentLog);
const watched = () => ({
  ...{ tenant: 'local' as Tenant, uid: randomUUID() as Uid, revision: 1n },
});
const stays = new AbortController().signal;

describe('who watches', () => {
  it('is woken by a change of its own application, and by no other', async () => {
    const { next, changed, stop } = hub();
    const [own, other] = [watched(), watched()];
    const woken: string[] = [];
    const first = next(own, hourMs, stays).then((goesOn) => woken.push(`own ${goesOn}`));
    const second = next(other, hourMs, stays).then((goesOn) => woken.push(`other ${goesOn}`));
    changed(own.uid);
    await first;
    expect(woken).toEqual(['own true']);
    stop();
    await second;
    expect(woken).toEqual(['own true', 'other false']);
  });

  it('is woken at the end of its wait, and when it leaves', async () => {
    const { next, stop } = hub();
    expect(await next(watched(), 1, stays)).toBe(true);
    const leave = new AbortController();
    const left = next(watched(), hourMs, leave.signal);
    leave.abort();
    expect(await left).toBe(true);
    expect(await next(watched(), hourMs, leave.signal)).toBe(true);
    stop();
  });

  it('is told at once, however many they are, that the process ends, and ever after', async () => {
    const { next, stop } = hub();
    const waiting = Array.from({ length: 100 }, () => next(watched(), hourMs, stays));
    stop();
    expect(new Set(await Promise.all(waiting))).toEqual(new Set([false]));
    expect(await next(watched(), hourMs, stays)).toBe(false);
  });
});
