/**
 * An open loop: arrivals are fixed beforehand and do not wait for answers, so a slow server meets the
 * same load as a fast one. Whoever measures counts from the planned moment, not from the call.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { log } from '@lianbao/kernel';
import { seededRandom } from '../../deploy/local/src/market/random.ts';
import { nowMs } from './clock.ts';

/** Milliseconds after the start, with exponential gaps: independent callers, at this rate on the average. */
export function plannedArrivals(seed: number, perSecond: number, count: number): readonly number[] {
  const random = seededRandom(seed);
  let at = 0;
  return Array.from({ length: count }, () => {
    at += (-log(1 - random.unit()) * 1_000) / perSecond;
    return at;
  });
}

export interface Run {
  readonly startMs: number;
  /** Of the last arrival, as planned. */
  readonly endMs: number;
  /** Every act has ended. */
  readonly settled: Promise<void>;
}

/** Begins each act at its moment; resolves when the last has begun. An act has to catch its own errors. */
export async function openLoop(
  arrivals: readonly number[],
  act: (index: number, plannedMs: number) => Promise<void>,
): Promise<Run> {
  const startMs = nowMs() + 50;
  const acts: Promise<void>[] = [];
  for (const [index, after] of arrivals.entries()) {
    const plannedMs = startMs + after;
    for (let ahead = plannedMs - nowMs(); ahead > 0; ahead = plannedMs - nowMs()) {
      await pause(Math.max(1, Math.floor(ahead)));
    }
    acts.push(act(index, plannedMs));
  }
  const settled = Promise.all(acts).then(() => undefined);
  return { startMs, endMs: startMs + (arrivals.at(-1) ?? 0), settled };
}
