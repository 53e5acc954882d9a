import { describe, expect, it } from 'vitest';
import { usualWatchLimits, type Watch, watching } from './watch-application.ts';

interface Shown {
  readonly application: { readonly revision: bigint };
}

/** An application that nothing happens to but by the steps given: each moves the clock, and perhaps the revision. */
function scene(steps: readonly Step[], change: Partial<Watch<Shown>> = {}) {
  let atMs = 1_000_000;
  let revision = 1n;
  const waits: number[] = [];
  let looks = 0;
  const left = [...steps];
  const watch: Watch<Shown> = {
    look: async () => {
      looks += 1;
      return { application: { revision } };
    },
    nextChange: async (_, waitMs) => {
      waits.push(waitMs);
      const step = left.shift() ?? 'WAIT';
      if (step === 'STOP') return false;
      if (step === 'WAIT') atMs += waitMs;
      else {
        atMs += step.afterMs;
        revision += step.changes;
      }
      return true;
    },
    isLeft: () => false,
    seen: undefined,
    limits: { ...usualWatchLimits, elapsed: () => atMs },
    ...change,
  };
  return {
    /** Revisions that were said, and heartbeats, with the seconds at which they came. */
    said: async () => {
      const found: (readonly [number, bigint | 'HEARTBEAT'])[] = [];
      for await (const shown of watching(watch)) {
        found.push([(atMs - 1_000_000) / 1_000, shown?.application.revision ?? 'HEARTBEAT']);
      }
      return found;
    },
    waits,
    looks: () => looks,
    seconds: () => (atMs - 1_000_000) / 1_000,
  };
}

type Step = 'WAIT' | 'STOP' | { readonly afterMs: number; readonly changes: bigint };

const every20s = (from: number, to: number) =>
  Array.from({ length: (to - from) / 20 + 1 }, (_, at) => [from + 20 * at, 'HEARTBEAT']);

describe('a watch', () => {
  it('says the whole first, then its heart beats every 20 seconds, and after four minutes it ends', async () => {
    const { said, seconds, waits } = scene([]);
    expect(await said()).toEqual([[0, 1n], ...every20s(20, 220)]);
    expect(seconds()).toBe(240);
    expect(new Set(waits)).toEqual(new Set([20_000]));
  });

  it('begins with a heartbeat when the caller has seen the revision', async () => {
    const { said } = scene([], { seen: 1n });
    expect(await said()).toEqual(every20s(20, 220));
  });

  it('merges quick changes, and counts the heartbeat from the last thing said', async () => {
    const quick = { afterMs: 7_000, changes: 3n };
    const nothing = { afterMs: 19_999, changes: 0n }; // Woken for nothing: it says nothing.
    const { said, waits } = scene([quick, nothing, 'WAIT', 'STOP']);
    expect(await said()).toEqual([
      [0, 1n],
      [7, 4n],
      [27, 'HEARTBEAT'],
    ]);
    expect(waits).toEqual([20_000, 20_000, 1, 20_000]);
  });

  it('lasts no longer for what changes at its end', async () => {
    const { said, seconds } = scene(Array(4).fill({ afterMs: 60_000, changes: 1n }));
    expect(await said()).toEqual([
      [0, 1n],
      [60, 2n],
      [120, 3n],
      [180, 4n],
      [240, 5n],
    ]);
    expect(seconds()).toBe(240);
  });

  it('ends with the process, without looking again', async () => {
    const { said, looks } = scene(['STOP']);
    expect(await said()).toEqual([[0, 1n]]);
    expect(looks()).toBe(1);
  });

  it('ends when the caller has gone', async () => {
    let gone = false;
    const { said, looks } = scene([], {
      isLeft: () => gone,
      nextChange: async () => {
        gone = true;
        return true;
      },
    });
    expect(await said()).toEqual([[0, 1n]]);
    expect(looks()).toBe(1);
  });
});
