/**
 * What every call passes, in this order: trace, log and meter; size of metadata; deadline; token;
 * access table; rate; message: size, parsing, own names and the rules of the proto files; load; handler; errors.
 */
import { create, type DescMethod, toBinary } from '@bufbuild/protobuf';
import { type Metadata, type StatusObject, status } from '@grpc/grpc-js';
import { Answer, type Caller, type Log, type Meter, Refusal, withTrace } from '@lianbao/kernel';
import { type AccessRule, requireCaller } from './access.ts';
import type { Cut } from './connections.ts';
import { contextOf, rpcName } from './definition.ts';
import type { BoundHandler } from './handlers.ts';
import type {
  failedTokenLimit,
  inFlightLimit,
  rateLimit,
  ServerLimits,
  streamLimit,
} from './limits.ts';
import { requireSmallMetadata } from './metadata-size.ts';
import type { Occasional } from './occasional.ts';
import { CallEnded, OpenCall } from './open-call.ts';
import { peerOfCall } from './peer.ts';
import { type RequestReader, requestReader } from './request-reader.ts';
import { statusFrom } from './status.ts';
import type { TokenVerifier } from './token-verifier.ts';
import { fieldInvalid } from './validation.ts';

export interface Layers {
  readonly verify: TokenVerifier;
  readonly log: Log;
  readonly meter: Meter;
  readonly limits: ServerLimits;
  readonly rate: ReturnType<typeof rateLimit>;
  readonly failedTokens: ReturnType<typeof failedTokenLimit>;
  readonly inFlight: ReturnType<typeof inFlightLimit>;
  readonly streams: ReturnType<typeof streamLimit>;
  /** Calls and streams of all kinds, for the meter. */
  readonly running: { count: number };
  /** Ends the connection of `address:port`. */
  readonly cut: (peer: string, why: Cut) => void;
  readonly say: Occasional;
}

export interface Endpoint {
  readonly method: DescMethod;
  readonly name: string;
  readonly audience: string;
  readonly rule: AccessRule | undefined;
  /** Health and reflection: no token and no deadline are asked for. */
  readonly open: boolean;
  readonly read: RequestReader;
  readonly handle: BoundHandler;
}

const noRule: AccessRule = { callers: [] };

export const endpointOf = (
  method: DescMethod,
  rule: AccessRule | undefined,
  handle: BoundHandler,
  open: boolean,
): Endpoint => ({
  method,
  name: rpcName(method),
  audience: contextOf(method),
  rule,
  open,
  read: requestReader(method, rule ?? noRule),
  handle,
});

/** What there is of a call before its messages. */
export interface Arrival {
  readonly metadata: Metadata;
  /** `address:port`. */
  readonly peer: string;
  /** A time in milliseconds or as a date; infinity where the caller set none. */
  readonly until: Date | number;
}

const nobody = { tenant: '', kind: 'SERVICE', partner: '', person: '', level: undefined };
const noDeadline = new Date(8_640_000_000_000_000);

/** Size of metadata, deadline, token, caller kind and rate: all that can be said before a message is read. */
export async function admit(layers: Layers, endpoint: Endpoint, arrival: Arrival) {
  const { method, name, audience, rule, open } = endpoint;
  const { metadata, peer, until } = arrival;
  requireSmallMetadata(metadata, layers.limits.metadataBytes);
  const deadline = until === Number.POSITIVE_INFINITY ? noDeadline : new Date(until);
  if (open) return new OpenCall(method, nobody as Caller, deadline);
  if (deadline === noDeadline) {
    throw fieldInvalid('grpc-timeout', 'deadline.required', 'every call has to set a deadline');
  }
  const [authorization] = metadata.get('authorization');
  const caller = await layers.verify(authorization?.toString(), audience, () =>
    layers.failedTokens.enter(peerOfCall(peer)),
  );
  requireCaller(rule, caller, name);
  layers.rate(caller, name);
  return new OpenCall(method, caller, deadline);
}

/**
 * Runs `work` under the caller's trace, and tells log and meter how it ended. Never rejects. `who` is
 * the call, or only its peer when it was not let in.
 */
export const observed = (
  layers: Layers,
  endpoint: Endpoint,
  metadata: Metadata,
  who: OpenCall | string,
  work: () => Promise<void>,
): Promise<StatusObject> =>
  withTrace(metadata.get('traceparent')[0]?.toString(), async () => {
    const startMs = performance.now();
    gaugeRunning(layers, 1);
    let outcome: StatusObject = succeeded;
    try {
      await work();
    } catch (error) {
      outcome = statusAfter(layers, endpoint, who, error);
    }
    gaugeRunning(layers, -1);
    record(layers, endpoint, outcome, (performance.now() - startMs) / 1000);
    return outcome;
  });

export function encode({ output }: DescMethod, result: unknown): Uint8Array {
  if (result instanceof Answer) return result.bytes;
  return toBinary(output, create(output, result as never));
}

const succeeded: StatusObject = { code: status.OK, details: 'OK', metadata: undefined as never };

function statusAfter(
  layers: Layers,
  { name }: Endpoint,
  who: OpenCall | string,
  error: unknown,
): StatusObject {
  const call = typeof who === 'string' ? undefined : who;
  const fields = {
    method: name,
    ...(call ? { caller: call.caller.kind, partner: call.caller.partner } : { peer: who }),
  };
  if (error instanceof Refusal) {
    const { kind, reason, domain, facts } = error;
    const line = { ...fields, reason, domain, facts };
    const shed = kind === 'EXHAUSTED' || reason === 'OVERLOADED';
    if (shed) layers.meter.count('rpc_server_shed_total', { method: name, reason });
    if (shed || kind === 'UNAUTHENTICATED') {
      // Whoever sends more than is taken, or what nobody believes, may send very much of it.
      const whose = call?.caller.partner ?? '';
      layers.say(`${reason} ${name} ${whose}`, (unsaid) =>
        layers.log.info({ ...line, unsaid }, 'refused'),
      );
    } else {
      layers.log.info(line, 'refused');
    }
  } else if (call?.ending !== undefined) {
    // Whatever a handler throws once its call is over, nobody waits for the answer.
    if (!(error instanceof CallEnded)) {
      layers.log.warn(
        { ...fields, ending: call.ending, err: error },
        'failed after its call ended',
      );
    }
    const code = call.ending === 'DEADLINE' ? status.DEADLINE_EXCEEDED : status.CANCELLED;
    return { ...succeeded, code, details: `the call is over: ${call.ending}` };
  }
  return statusFrom(error, (defect, incident) =>
    layers.log.error({ ...fields, incident, err: defect }, 'failed'),
  );
}

function gaugeRunning({ meter, running }: Layers, change: 1 | -1): void {
  running.count += change;
  meter.gauge('rpc_server_in_flight', running.count);
}

function record({ meter }: Layers, { name }: Endpoint, outcome: StatusObject, seconds: number) {
  const code = status[outcome.code] ?? String(outcome.code);
  meter.observeSeconds('rpc_server_seconds', seconds, { method: name, code });
}
