/** Waits for what another part of the system, or another process, is about to bring about. */
import { setTimeout as pause } from 'node:timers/promises';

export interface Patience {
  readonly withinMs?: number;
  readonly everyMs?: number;
}

/** The first answer that is not undefined. Throws, naming what was awaited, when none came in time. */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | undefined> | T | undefined,
  { withinMs = 10_000, everyMs = 20 }: Patience = {},
): Promise<T> {
  const untilMs = performance.now() + withinMs;
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (performance.now() > untilMs) throw new Error(`${what}: not within ${withinMs} ms`);
    await pause(everyMs);
  }
}
