import {
  create,
  type DescMethod,
  type DescService,
  type MessageInitShape,
  type MessageShape,
} from '@bufbuild/protobuf';
import * as grpc from '@grpc/grpc-js';
import { currentTraceparent } from '@lianbao/kernel';
import type { Channel } from './channel.ts';
import { type ClientMethod, clientMethod, rpcName, streamsRequests } from './definition.ts';
import { errorFrom } from './refusal-of-status.ts';
import { retrying } from './retry.ts';

type In<M extends DescMethod> = MessageInitShape<M['input']>;
type Out<M extends DescMethod> = MessageShape<M['output']>;

export interface ClientOptions {
  /** Asked before every attempt; left out for health and reflection, which want none. */
  readonly token?: () => Promise<string>;
  /** For a call with one answer and all its attempts. */
  readonly deadlineMs?: number;
  /** For a stream. */
  readonly streamDeadlineMs?: number;
  /** Repeats calls with one request and one answer that nobody answered. On unless false. */
  readonly retry?: boolean;
}

export interface CallOptions {
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal;
  /** Told the trailers of a successful call with one answer, such as `lianbao-replayed`. */
  readonly onTrailers?: (trailers: ReadonlyMap<string, string>) => void;
}

type Caller<M extends DescMethod> = {
  unary: (request: In<M>, options?: CallOptions) => Promise<Out<M>>;
  server_streaming: (request: In<M>, options?: CallOptions) => AsyncIterable<Out<M>>;
  client_streaming: (requests: AsyncIterable<In<M>>, options?: CallOptions) => Promise<Out<M>>;
  bidi_streaming: (requests: AsyncIterable<In<M>>, options?: CallOptions) => AsyncIterable<Out<M>>;
}[M['methodKind']];

export type ClientOf<S extends DescService> = {
  readonly [Name in keyof S['method']]: Caller<S['method'][Name]>;
};

const defaults = { deadlineMs: 10_000, streamDeadlineMs: 300_000, retry: true };

/**
 * Calls that throw a kernel Refusal with the server's own reason, DEPENDENCY_UNAVAILABLE when nobody
 * answered in time, and RpcFailure for the rest. The trace in hand goes along.
 */
export function clientOf<S extends DescService>(
  channel: Channel,
  service: S,
  options: ClientOptions = {},
): ClientOf<S> {
  const calls = service.methods.map((method) => [
    method.localName,
    callerOf(channel.connection, method, { ...defaults, ...options }),
  ]);
  return Object.fromEntries(calls);
}

type Settings = ClientOptions & typeof defaults;

function callerOf(connection: grpc.Client, method: DescMethod, settings: Settings) {
  const wire = clientMethod(method);
  switch (method.methodKind) {
    case 'unary':
      return unaryCaller(connection, method, wire, settings);
    case 'client_streaming':
      return clientStreamCaller(connection, method, wire, settings);
    case 'server_streaming':
    case 'bidi_streaming':
      return serverStreamCaller(connection, method, wire, settings);
  }
}

// Types are checked where ClientOf meets its caller; between here and there a message is an object.
type Request = object;

function unaryCaller(
  connection: grpc.Client,
  method: DescMethod,
  wire: ClientMethod,
  settings: Settings,
) {
  const name = rpcName(method);
  return (request: Request, options: CallOptions = {}): Promise<object> => {
    const bytes = wire.encode(create(method.input, request as never));
    const totalMs = options.deadlineMs ?? settings.deadlineMs;
    const untilMs = Date.now() + totalMs;
    // Half the time for one attempt, or a lost answer would leave none to ask again.
    const attemptMs = settings.retry ? Math.ceil(totalMs / 2) : totalMs;
    const attempt = async () => {
      const metadata = await metadataOf(settings);
      const deadline = Math.min(untilMs, Date.now() + attemptMs);
      return new Promise<object>((resolve, reject) => {
        const call = connection.makeUnaryRequest<Buffer, object>(
          wire.path,
          (ready) => ready,
          wire.decode,
          bytes,
          metadata,
          { deadline },
          (error, value) => {
            unlink();
            if (error) reject(failure(error, name, options));
            else resolve(value as object);
          },
        );
        const unlink = link(call, options);
      });
    };
    return retrying(attempt, { untilMs, retry: settings.retry, signal: options.signal });
  };
}

function clientStreamCaller(
  connection: grpc.Client,
  method: DescMethod,
  wire: ClientMethod,
  settings: Settings,
) {
  const name = rpcName(method);
  return async (requests: AsyncIterable<Request>, options: CallOptions = {}): Promise<object> => {
    const metadata = await metadataOf(settings);
    const deadline = Date.now() + (options.deadlineMs ?? settings.streamDeadlineMs);
    return new Promise<object>((resolve, reject) => {
      const call = connection.makeClientStreamRequest<Request, object>(
        wire.path,
        wire.encode,
        wire.decode,
        metadata,
        { deadline },
        (error, value) => {
          unlink();
          if (error) reject(failure(error, name, options));
          else resolve(value as object);
        },
      );
      const unlink = link(call, options);
      feed(requests, call, method).catch((error) => {
        reject(error);
        call.cancel();
      });
    });
  };
}

function serverStreamCaller(
  connection: grpc.Client,
  method: DescMethod,
  wire: ClientMethod,
  settings: Settings,
) {
  const name = rpcName(method);
  const { path, encode, decode } = wire;
  return async function* (given: Request, options: CallOptions = {}): AsyncGenerator<object> {
    const metadata = await metadataOf(settings);
    const deadline = Date.now() + (options.deadlineMs ?? settings.streamDeadlineMs);
    let call: grpc.ClientReadableStream<object>;
    let feedError: unknown;
    if (streamsRequests(method)) {
      const both = connection.makeBidiStreamRequest(path, encode, decode, metadata, { deadline });
      feed(given as AsyncIterable<Request>, both, method).catch((error) => {
        feedError = error;
        both.cancel();
      });
      call = both;
    } else {
      const request = create(method.input, given as never);
      const args = [path, encode, decode, request, metadata, { deadline }] as const;
      call = connection.makeServerStreamRequest<object, object>(...args);
    }
    const unlink = link(call, options);
    try {
      for await (const value of call) yield value;
    } catch (error) {
      throw feedError ?? failure(error, name, options);
    } finally {
      unlink();
      call.cancel();
    }
  };
}

async function metadataOf({ token }: Settings): Promise<grpc.Metadata> {
  const metadata = new grpc.Metadata();
  if (token !== undefined) metadata.set('authorization', `Bearer ${await token()}`);
  const traceparent = currentTraceparent();
  if (traceparent !== undefined) metadata.set('traceparent', traceparent);
  return metadata;
}

/** Who aborted its own call gets its own reason back. */
const failure = (error: unknown, name: string, { signal }: CallOptions): unknown =>
  signal?.aborted ? signal.reason : errorFrom(error, name);

/** Cancels the call with the signal, and passes its trailers on. */
function link(call: grpc.ClientUnaryCall, { signal, onTrailers }: CallOptions): () => void {
  if (onTrailers !== undefined) {
    call.on('status', ({ metadata }: grpc.StatusObject) => {
      const texts = Object.entries(metadata.getMap());
      onTrailers(new Map(texts.map(([key, value]) => [key, value.toString()])));
    });
  }
  const cancel = () => call.cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  if (signal?.aborted) cancel();
  return () => signal?.removeEventListener('abort', cancel);
}

/** Sends at the server's speed. Ends quietly when the call is over before the requests are. */
async function feed(
  requests: AsyncIterable<Request>,
  call: grpc.ClientWritableStream<Request>,
  { input }: DescMethod,
): Promise<void> {
  let over = false;
  let wake = (): void => undefined;
  const finish = () => {
    over = true;
    wake();
  };
  call.once('status', finish);
  call.on('drain', () => wake());
  for await (const request of requests) {
    if (over) return;
    if (call.write(create(input, request as never))) continue;
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
    if (over) return;
  }
  call.end();
}
