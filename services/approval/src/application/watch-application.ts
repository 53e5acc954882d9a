import { type Caller, resourceUid } from '@lianbao/kernel';
import type { Dependencies } from './dependencies.ts';
import { getApplication, type ShownApplication } from './read-applications.ts';

const heartbeatMs = 20_000;
const lifeMs = 240_000;

/**
 * The whole application, then again at each change, quick changes merged; undefined is a heartbeat.
 * Ends by itself after four minutes, which is never an answer. By the machine's own clock.
 */
export const watchApplication = (dependencies: Dependencies) => {
  const get = getApplication(dependencies);
  return async function* (
    caller: Caller,
    name: string,
    seenRevision: bigint | undefined,
    method: string,
    signal: AbortSignal,
  ): AsyncGenerator<ShownApplication | undefined> {
    const until = performance.now() + lifeMs;
    const uid = resourceUid(caller.tenant, name);
    let seen = seenRevision;
    let saidAt = performance.now();
    while (!signal.aborted) {
      const shown = await get(caller, name, method);
      const { revision } = shown.application;
      if (revision !== seen) {
        seen = revision;
        saidAt = performance.now();
        yield shown;
      }
      const now = performance.now();
      if (now >= until) return;
      if (now - saidAt >= heartbeatMs) {
        saidAt = now;
        yield undefined;
      }
      const waitMs = Math.max(1, Math.min(until, saidAt + heartbeatMs) - now);
      const watched = { tenant: caller.tenant, uid, revision };
      await dependencies.changes.next(watched, waitMs, signal);
    }
  };
};
