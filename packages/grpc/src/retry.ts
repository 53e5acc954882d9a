import { setTimeout as pause } from 'node:timers/promises';
import { Refusal } from '@lianbao/kernel';

const firstPauseMs = 50;
const longestPauseMs = 2_000;

/** Nobody answered, or not now: the same request with the same id may be sent again. */
export const isWorthRetrying = (error: unknown): boolean =>
  error instanceof Refusal &&
  (error.kind === 'UNAVAILABLE' || error.reason === 'REQUEST_IN_PROGRESS');

/** Random up to a ceiling that doubles, and never shorter than the server asked for. */
export function pauseBeforeMs(attempt: number, error: unknown, random = Math.random): number {
  const ceiling = Math.min(longestPauseMs, firstPauseMs * 2 ** (attempt - 1));
  const asked = error instanceof Refusal ? (error.retryAfterMs ?? 0) : 0;
  return asked + Math.ceil(random() * ceiling);
}

export interface RetryOptions {
  readonly untilMs: number;
  readonly retry: boolean;
  readonly signal: AbortSignal | undefined;
}

/** Repeats `attempt` while it is worth it and the time, by the machine's clock, allows another. */
export async function retrying<T>(
  attempt: () => Promise<T>,
  { untilMs, retry, signal }: RetryOptions,
): Promise<T> {
  for (let count = 1; ; count += 1) {
    try {
      signal?.throwIfAborted();
      return await attempt();
    } catch (error) {
      const waitMs = pauseBeforeMs(count, error);
      if (!retry || !isWorthRetrying(error) || Date.now() + waitMs >= untilMs) throw error;
      await pause(waitMs, undefined, signal === undefined ? {} : { signal });
    }
  }
}
