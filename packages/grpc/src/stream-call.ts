/** Calls with a stream on either side. They end when the caller goes, the time is up or the server drains. */
import {
  type ServerDuplexStream,
  type ServerReadableStream,
  type ServerWritableStream,
  type sendUnaryData,
  status,
} from '@grpc/grpc-js';
import { callerKey, commonRefusals } from '@lianbao/kernel';
import { admitted } from './admission.ts';
import { streamsRequests } from './definition.ts';
import { Gate } from './gate.ts';
import { type Endpoint, encode, type Layers, observed } from './layers.ts';
import { CallEnded, type OpenCall } from './open-call.ts';
import { peerOfCall } from './peer.ts';
import { requestsOf } from './request-stream.ts';
import { type SurfaceCall, sendOff } from './surface-call.ts';
import { finish } from './unary-call.ts';

/** The streams that drain has to end. */
export type OpenStreams = Set<{ end(): void }>;

type Incoming = ServerReadableStream<Buffer, Uint8Array> | ServerDuplexStream<Buffer, Uint8Array>;
type Outgoing = ServerWritableStream<Buffer, Uint8Array> | ServerDuplexStream<Buffer, Uint8Array>;

export const clientStreamCall =
  (layers: Layers, endpoint: Endpoint) =>
  (arrival: ServerReadableStream<Buffer, Uint8Array>, done: sendUnaryData<Uint8Array>): void => {
    let answer: Uint8Array = new Uint8Array();
    const call = admitted(arrival);
    const work = observed(layers, endpoint, arrival.metadata, call, async () => {
      const { gate, close } = opened(layers, endpoint, arrival, call);
      try {
        const requests = requestsOf(arrival, gate, endpoint, call);
        answer = finish(endpoint, call, await endpoint.handle(requests as never, call as never));
      } finally {
        close();
      }
    });
    void work.then((outcome) => {
      if (outcome.code === status.OK) done(null, answer, call.trailers);
      else done(outcome);
      sendOff(layers, arrival);
    });
  };

export const serverStreamCall =
  (layers: Layers, endpoint: Endpoint, open: OpenStreams) =>
  (arrival: Outgoing): void => {
    const call = admitted(arrival);
    const work = observed(layers, endpoint, arrival.metadata, call, async () => {
      const request = streamsRequests(endpoint.method)
        ? undefined
        : readOne(endpoint, arrival, call);
      const { gate, close } = opened(layers, endpoint, arrival, call);
      const intake = new Gate();
      gate.onClose(() => intake.close('ENDED'));
      const stop = stopper(layers, gate, request === undefined ? intake : undefined);
      open.add(stop);
      try {
        const source = request ?? requestsOf(arrival as Incoming, gate, endpoint, call, intake);
        const values = endpoint.handle(source as never, call as never) as AsyncIterable<unknown>;
        await pour(values, arrival, gate, endpoint, layers);
      } finally {
        open.delete(stop);
        stop.dispose();
        close();
      }
      if (gate.closed === 'SLOW_READER') {
        throw commonRefusals.QUOTA_EXCEEDED({ limit: `${layers.limits.slowReaderMs} ms to read` });
      }
      if (gate.closed !== undefined && gate.closed !== 'ENDED') throw new CallEnded(gate.closed);
    });
    void work.then((outcome) => {
      if (arrival.destroyed || arrival.cancelled) return;
      if (outcome.code === status.OK) arrival.end();
      else arrival.emit('error', outcome);
      sendOff(layers, arrival);
    });
  };

function readOne(endpoint: Endpoint, arrival: Outgoing, call: OpenCall) {
  const { request } = arrival as ServerWritableStream<Buffer, Uint8Array>;
  call.requestBytes = request.byteLength;
  return endpoint.read(request, call.caller);
}

/** Counts the stream and ties the call to the caller's presence. */
function opened(layers: Layers, endpoint: Endpoint, arrival: SurfaceCall, call: OpenCall) {
  const { caller } = call;
  const who = endpoint.open
    ? peerOfCall(arrival.getPeer())
    : `${caller.tenant} ${callerKey(caller)}`;
  const release = layers.streams(who);
  const gate = new Gate();
  gate.onClose((ending) => call.end(ending));
  const gone = () => {
    call.gone();
    gate.close(call.ending ?? 'GONE');
  };
  arrival.once('cancelled', gone);
  if (arrival.cancelled) gone();
  return {
    gate,
    close: () => {
      arrival.off('cancelled', gone); // grpc-js also calls an answered call cancelled.
      release();
    },
  };
}

/** Ends a stream by age or drain. One that also reads is first told that no more comes. */
function stopper({ limits }: Layers, gate: Gate, intake: Gate | undefined) {
  let timer = setTimeout(end, limits.streamMs);
  timer.unref();
  function end(): void {
    clearTimeout(timer);
    if (intake === undefined || intake.closed !== undefined) {
      gate.close('ENDED');
      return;
    }
    intake.close('ENDED');
    timer = setTimeout(() => gate.close('ENDED'), limits.drainStreamsMs);
  }
  return { end, dispose: () => clearTimeout(timer) };
}

/** Writes what the handler yields, at the reader's speed, until it is done or the gate closes. */
async function pour(
  values: AsyncIterable<unknown>,
  arrival: Outgoing,
  gate: Gate,
  { method }: Endpoint,
  { limits }: Layers,
): Promise<void> {
  const iterator = values[Symbol.asyncIterator]();
  try {
    for (;;) {
      const step = await gate.until(iterator.next());
      if (step === undefined || step.done === true) return;
      if (arrival.write(encode(method, step.value))) continue;
      const timer = setTimeout(() => gate.close('SLOW_READER'), limits.slowReaderMs);
      await gate.until(new Promise((resolve) => arrival.once('drain', resolve)));
      clearTimeout(timer);
    }
  } finally {
    // Not awaited: a handler that waits for something else must not hold the stream open.
    void iterator.return?.().then(undefined, () => undefined);
  }
}
