/** What one process takes on. Beyond it a caller is told to wait before any work is done. */
import { type Caller, callerKey, commonRefusals } from '@lianbao/kernel';
import { buckets } from './buckets.ts';

export interface ServerLimits {
  /** Open at a time, of all peers and of one: an IPv4 address, or the /64 of an IPv6 one. */
  readonly connections: number;
  readonly connectionsPerPeer: number;
  /** From the first packet to TLS and the first frame of HTTP/2. */
  readonly handshakeMs: number;
  /** Of one call; a token has at most 4,096. */
  readonly metadataBytes: number;
  /** From the head of a call to the end of its one message. */
  readonly requestMs: number;
  /** Of one connection. */
  readonly streamsPerConnection: number;
  readonly connectionAgeMs: number;
  readonly connectionGraceMs: number;
  readonly connectionIdleMs: number;
  readonly keepaliveMs: number;
  readonly keepaliveTimeoutMs: number;
  /** Calls with one answer that run at a time, of all callers. */
  readonly callsInFlight: number;
  /** Calls a second of one caller to one rpc, and how many may come at once. */
  readonly callsPerSecond: number;
  readonly callsBurst: number;
  /** Of one peer; beyond it no token that is not yet known is looked at. */
  readonly failedTokensPerSecond: number;
  readonly failedTokensBurst: number;
  readonly streamsPerCaller: number;
  /** Then the server ends a stream with OK, before the connection's own age does. */
  readonly streamMs: number;
  /** How long a write may wait for a reader; and then the end of the call, before the connection goes. */
  readonly slowReaderMs: number;
  /** Between "not ready" and the last new call, when draining. */
  readonly drainWaitMs: number;
  /** How long calls may still run then; and streams, of which nothing new is read. */
  readonly drainCallsMs: number;
  readonly drainStreamsMs: number;
  /** How often a health watch looks. */
  readonly healthPollMs: number;
}

export const defaultLimits: ServerLimits = {
  connections: 1_000,
  connectionsPerPeer: 250,
  handshakeMs: 10_000,
  metadataBytes: 16_384,
  requestMs: 20_000,
  streamsPerConnection: 256,
  connectionAgeMs: 300_000,
  connectionGraceMs: 270_000, // Longer than a stream opened at the very end of the age.
  connectionIdleMs: 600_000,
  keepaliveMs: 60_000,
  keepaliveTimeoutMs: 20_000,
  callsInFlight: 256,
  callsPerSecond: 2_000,
  callsBurst: 4_000,
  failedTokensPerSecond: 20,
  failedTokensBurst: 100,
  streamsPerCaller: 16,
  streamMs: 240_000,
  slowReaderMs: 30_000,
  drainWaitMs: 2_000,
  drainCallsMs: 20_000,
  drainStreamsMs: 2_000,
  healthPollMs: 1_000,
};

/** Gives back what was taken; once. */
export type Release = () => void;

const overloadedRetryMs = 500;

/** Of each caller to each rpc. */
export function rateLimit(
  { callsPerSecond, callsBurst }: Pick<ServerLimits, 'callsPerSecond' | 'callsBurst'>,
  nowMs?: () => number,
): (caller: Caller, method: string) => void {
  const calls = buckets({ perSecond: callsPerSecond, burst: callsBurst }, nowMs);
  return (caller, method) => {
    const waitMs = calls.take(`${caller.tenant} ${callerKey(caller)} ${method}`);
    if (waitMs > 0) {
      throw commonRefusals.QUOTA_EXCEEDED(
        { limit: `${callsPerSecond} calls`, window: '1 s' },
        { retryAfterMs: Math.ceil(waitMs) },
      );
    }
  };
}

/**
 * Of tokens that turned out bad, for each peer. A place is taken before the token is verified and
 * given back when it was good, so that bad ones cannot overtake the count by coming all at once.
 */
export function failedTokenLimit(
  {
    failedTokensPerSecond,
    failedTokensBurst,
  }: Pick<ServerLimits, 'failedTokensPerSecond' | 'failedTokensBurst'>,
  nowMs?: () => number,
): { enter(peer: string): Release } {
  const rate = { perSecond: failedTokensPerSecond, burst: failedTokensBurst };
  const places = buckets(rate, nowMs);
  return {
    enter: (peer) => {
      const waitMs = places.take(peer);
      if (waitMs > 0) {
        throw commonRefusals.QUOTA_EXCEEDED(
          { limit: `${failedTokensPerSecond} failed tokens`, window: '1 s' },
          { retryAfterMs: Math.ceil(waitMs) },
        );
      }
      return once(() => places.giveBack(peer));
    },
  };
}

/** Calls with one answer: past the limit the next one is shed. */
export function inFlightLimit({ callsInFlight }: Pick<ServerLimits, 'callsInFlight'>): {
  enter(): Release;
  count(): number;
} {
  let running = 0;
  return {
    count: () => running,
    enter: () => {
      if (running >= callsInFlight) {
        throw commonRefusals.OVERLOADED(
          { limit: `${callsInFlight} calls at a time` },
          { retryAfterMs: overloadedRetryMs },
        );
      }
      running += 1;
      return once(() => {
        running -= 1;
      });
    },
  };
}

/** Open streams of one caller. */
export function streamLimit({
  streamsPerCaller,
  streamMs,
}: Pick<ServerLimits, 'streamsPerCaller' | 'streamMs'>): (who: string) => Release {
  const open = new Map<string, number>();
  return (who) => {
    const count = open.get(who) ?? 0;
    if (count >= streamsPerCaller) {
      throw commonRefusals.QUOTA_EXCEEDED(
        { limit: `${streamsPerCaller} open streams`, window: `${streamMs / 1000} s` },
        { retryAfterMs: 1_000 },
      );
    }
    open.set(who, count + 1);
    return once(() => {
      const left = (open.get(who) ?? 1) - 1;
      if (left === 0) open.delete(who);
      else open.set(who, left);
    });
  };
}

function once(act: () => void): Release {
  let done = false;
  return () => {
    if (!done) act();
    done = true;
  };
}
