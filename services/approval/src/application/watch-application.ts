import { type Caller, resourceUid } from '@lianbao/kernel';
import type { Application } from '../domain/application.ts';
import type { Dependencies } from './dependencies.ts';
import { getApplication, type ShownApplication } from './read-applications.ts';

export interface WatchLimits {
  readonly heartbeatMs: number;
  readonly lifeMs: number;
  /** In milliseconds, of the machine's own clock: it only rises. */
  readonly elapsed: () => number;
}

export const usualWatchLimits: WatchLimits = {
  heartbeatMs: 20_000,
  lifeMs: 240_000,
  elapsed: () => performance.now(),
};

/** The whole application, then again at each change; undefined is a heartbeat. */
export const watchApplication = (dependencies: Dependencies) => {
  const get = getApplication(dependencies);
  const { changes, watchLimits } = dependencies;
  return (
    caller: Caller,
    name: string,
    seen: bigint | undefined,
    method: string,
    signal: AbortSignal,
  ): AsyncGenerator<ShownApplication | undefined> => {
    const { tenant } = caller;
    const uid = resourceUid(tenant, name);
    return watching({
      look: () => get(caller, name, method),
      nextChange: (revision, waitMs) => changes.next({ tenant, uid, revision }, waitMs, signal),
      isLeft: () => signal.aborted,
      seen,
      limits: watchLimits,
    });
  };
};

export interface Watch<Shown> {
  readonly look: () => Promise<Shown>;
  /** As `Changes.next`. */
  readonly nextChange: (revision: bigint, waitMs: number) => Promise<boolean>;
  /** Whoever watched has gone. */
  readonly isLeft: () => boolean;
  readonly seen: bigint | undefined;
  readonly limits: WatchLimits;
}

/**
 * Quick changes merge into one. Ends by itself at the end of its life, and with the process: neither is
 * ever an answer.
 */
export async function* watching<
  Shown extends { readonly application: Pick<Application, 'revision'> },
>({ look, nextChange, isLeft, seen, limits }: Watch<Shown>): AsyncGenerator<Shown | undefined> {
  const { heartbeatMs, lifeMs, elapsed } = limits;
  const until = elapsed() + lifeMs;
  let saidAt = elapsed();
  let known = seen;
  for (let goesOn = true; goesOn && !isLeft(); ) {
    const shown = await look();
    const { revision } = shown.application;
    if (revision !== known) {
      known = revision;
      saidAt = elapsed();
      yield shown;
    }
    const now = elapsed();
    if (now >= until) return;
    if (now - saidAt >= heartbeatMs) {
      saidAt = now;
      yield undefined;
    }
    goesOn = await nextChange(revision, Math.max(1, Math.min(until, saidAt + heartbeatMs) - now));
  }
}
