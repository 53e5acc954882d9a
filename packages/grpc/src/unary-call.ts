import type { ServerUnaryCall, sendUnaryData } from '@grpc/grpc-js';
import { status } from '@grpc/grpc-js';
import { Answer } from '@lianbao/kernel';
import { admitted } from './admission.ts';
import { type Endpoint, encode, type Layers, observed } from './layers.ts';
import { CallEnded, type OpenCall } from './open-call.ts';
import { sendOff } from './surface-call.ts';

/** Of an answer that was stored by the act which this one repeats. */
export const replayedTrailer = 'lianbao-replayed';

export const unaryCall =
  (layers: Layers, endpoint: Endpoint) =>
  (arrival: ServerUnaryCall<Buffer, Uint8Array>, done: sendUnaryData<Uint8Array>): void => {
    let answer: Uint8Array = new Uint8Array();
    const call = admitted(arrival);
    const work = observed(layers, endpoint, arrival.metadata, call, async () => {
      const request = endpoint.read(arrival.request, call.caller);
      call.requestBytes = arrival.request.byteLength;
      if (arrival.cancelled) call.gone();
      if (call.ending !== undefined) throw new CallEnded(call.ending);
      const release = layers.inFlight.enter();
      const gone = () => call.gone();
      arrival.once('cancelled', gone);
      try {
        answer = finish(endpoint, call, await endpoint.handle(request as never, call as never));
      } finally {
        release();
        arrival.off('cancelled', gone); // grpc-js also calls an answered call cancelled.
      }
    });
    void work.then((outcome) => {
      if (outcome.code === status.OK) done(null, answer, call.trailers);
      else done(outcome);
      sendOff(layers, arrival);
    });
  };

/** The answer's bytes, marked when they are those of an earlier call. */
export function finish({ method }: Endpoint, call: OpenCall, result: unknown): Uint8Array {
  if (result instanceof Answer && result.replayed) call.setTrailer(replayedTrailer, 'true');
  return encode(method, result);
}
