import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Message } from '@bufbuild/protobuf';
import type { ServerDuplexStream, ServerReadableStream } from '@grpc/grpc-js';
import type { Gate } from './gate.ts';
import type { Endpoint } from './layers.ts';
import { CallEnded, type OpenCall } from './open-call.ts';

/**
 * The messages of a streamed request, each read and checked when it is asked for. Ends when the
 * caller is done or the server takes no more (`intake`), throws when the call is over.
 */
export async function* requestsOf(
  arrival: ServerReadableStream<Buffer, Uint8Array> | ServerDuplexStream<Buffer, Uint8Array>,
  gate: Gate,
  { read }: Endpoint,
  call: OpenCall,
  intake?: Gate,
): AsyncGenerator<Message> {
  // Not the stream's own iterator: it would destroy the writing side when reading ends.
  let wake = (): void => undefined;
  const ring = (): void => wake();
  for (const event of ['readable', 'end', 'close']) arrival.on(event, ring);
  gate.onClose(ring);
  intake?.onClose(ring);
  for (let position = 0; ; ) {
    if (gate.closed !== undefined) throw new CallEnded(gate.closed);
    const woken = new Promise<void>((resolve) => {
      wake = resolve;
    });
    const bytes: Buffer | null = intake?.closed === undefined ? arrival.read() : null;
    if (bytes !== null) {
      call.requestBytes += bytes.byteLength;
      yield read(bytes, call.caller, position);
      position += 1;
    } else if (intake?.closed !== undefined) {
      return;
    } else if (arrival.readableEnded) {
      // A Node client that cancels first ends its stream, then resets it, in one packet.
      await nextTurn();
      if (gate.closed === undefined) return;
    } else {
      await woken;
    }
  }
}
