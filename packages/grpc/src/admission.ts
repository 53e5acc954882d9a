/**
 * Where a call is let in: when its head is there, before a byte of a message is read. Who is not let in
 * cannot make the server keep what it sends; who is has a bounded time to send the one message.
 */
import {
  type Metadata,
  ServerInterceptingCall,
  type ServerInterceptor,
  type ServerListener,
} from '@grpc/grpc-js';
import { streamsRequests } from './definition.ts';
import { type Arrival, admit, type Endpoint, type Layers, observed } from './layers.ts';
import type { OpenCall } from './open-call.ts';

const calls = new WeakMap<Metadata, OpenCall>();

/** The call that was let in with these metadata. */
export function admitted({ metadata }: Pick<Arrival, 'metadata'>): OpenCall {
  const call = calls.get(metadata);
  if (call === undefined) throw new TypeError('a call that was not let in');
  return call;
}

/** Endpoints by path. Other paths pass, for grpc-js to say that it does not know them. */
export const admission =
  (layers: Layers, endpoints: ReadonlyMap<string, Endpoint>): ServerInterceptor =>
  ({ path }, call) => {
    const endpoint = endpoints.get(path);
    return new ServerInterceptingCall(call, {
      start: (next) => next(endpoint && door(layers, endpoint, call)),
    });
  };

type Interceptable = Parameters<ServerInterceptor>[1];

function door(layers: Layers, endpoint: Endpoint, call: Interceptable): ServerListener {
  const peer = call.getPeer();
  let timer: NodeJS.Timeout | undefined;
  return {
    onReceiveMetadata: (metadata, next) => {
      const arrival = { metadata, peer, until: call.getDeadline() };
      admit(layers, endpoint, arrival).then(
        (open) => {
          calls.set(metadata, open);
          if (!streamsRequests(endpoint.method)) {
            timer = setTimeout(() => layers.cut(peer, 'REQUEST'), layers.limits.requestMs);
            timer.unref();
          }
          next(metadata);
        },
        async (refusal) => {
          const refused = () => Promise.reject(refusal);
          call.sendStatus(await observed(layers, endpoint, metadata, peer, refused));
        },
      );
    },
    onReceiveHalfClose: (next) => {
      clearTimeout(timer);
      next();
    },
    onCancel: () => clearTimeout(timer),
  };
}
