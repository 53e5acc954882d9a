import type { DescMethod } from '@bufbuild/protobuf';
import * as grpc from '@grpc/grpc-js';
import { Health } from '@lianbao/api/grpc/health/v1/health_pb';
import { ServerReflection } from '@lianbao/api/grpc/reflection/v1/reflection_pb';
import type { Log, Meter } from '@lianbao/kernel';
import type { AccessTable } from './access.ts';
import { admission } from './admission.ts';
import { type Connections, openDoor } from './connections.ts';
import { rpcName, serverDefinition } from './definition.ts';
import { drainServer } from './drain.ts';
import { type Binding, bind } from './handlers.ts';
import { healthHandlers } from './health.ts';
import { type Endpoint, endpointOf, type Layers } from './layers.ts';
import {
  defaultLimits,
  failedTokenLimit,
  inFlightLimit,
  rateLimit,
  type ServerLimits,
  streamLimit,
} from './limits.ts';
import { occasionally } from './occasional.ts';
import { reflectionHandlers } from './reflection.ts';
import type { ServerTls } from './server-tls.ts';
import { clientStreamCall, type OpenStreams, serverStreamCall } from './stream-call.ts';
import type { TokenVerifier } from './token-verifier.ts';
import { namedStatuses } from './transport-status.ts';
import { unaryCall } from './unary-call.ts';

/** What a service puts on a server. */
export interface Served {
  readonly bindings: readonly Binding[];
  readonly access: AccessTable;
  /** Asked for readiness; draining makes the server not ready whatever it says. */
  readonly serving: () => boolean;
}

export interface ServeOptions extends Served {
  /** `host:port`; port 0 takes a free one. */
  readonly address: string;
  /** Left out, the port speaks plaintext. */
  readonly tls?: ServerTls | undefined;
  readonly verify: TokenVerifier;
  readonly log: Log;
  readonly meter: Meter;
  readonly limits?: Partial<ServerLimits>;
}

export interface RunningServer {
  readonly address: string;
  readonly port: number;
  /** Not ready, a short wait, then streams end, calls finish and connections close. */
  drain(): Promise<void>;
}

const receiveBytesMax = 4 * 1_048_576;
const sayEveryMs = 10_000;

/** Serves the bindings, health (v1) and reflection (v1 and v1alpha) on one port. */
export async function serve(options: ServeOptions): Promise<RunningServer> {
  const { address, tls, bindings, access, verify, serving, log, meter } = options;
  const limits: ServerLimits = { ...defaultLimits, ...options.limits };
  let connections: Connections | undefined;
  const layers: Layers = {
    verify,
    log,
    meter,
    limits,
    rate: rateLimit(limits),
    failedTokens: failedTokenLimit(limits),
    inFlight: inFlightLimit(limits),
    streams: streamLimit(limits),
    running: { count: 0 },
    cut: (peer, why) => connections?.cut(peer, why),
    say: occasionally(sayEveryMs),
  };
  const open: OpenStreams = new Set();
  const state = { draining: false };
  const endpoints = new Map<string, Endpoint>();
  const server = new grpc.Server({
    ...serverOptions(limits),
    interceptors: [namedStatuses(receiveBytesMax), admission(layers, endpoints)],
  });
  const insecure = grpc.ServerCredentials.createInsecure(); // TLS ends before it, at the door.
  const injector = server.createConnectionInjector(insecure);

  const ready = () => !state.draining && serving();
  const services = bindings.map(({ service }) => service);
  const health = bind(Health, healthHandlers(ready, services, limits));
  const reflection = bind(
    ServerReflection,
    reflectionHandlers(
      [...services, Health, ServerReflection],
      bindings.flatMap(({ inside }) => inside),
    ),
  );
  for (const binding of bindings) add(binding, false);
  add(health, true);
  add(reflection, true);
  add(reflection, true, 'grpc.reflection.v1alpha.ServerReflection');

  function add({ service, handlers }: Binding, isOpen: boolean, as = service.typeName): void {
    const definition: Record<string, grpc.MethodDefinition<Buffer, Uint8Array>> = {};
    const implementation: grpc.UntypedServiceImplementation = {};
    for (const method of service.methods) {
      const handle = handlers[method.localName];
      if (handle === undefined) continue;
      const wire = serverDefinition(method, as);
      definition[method.localName] = wire;
      const endpoint = endpointOf(method, access[rpcName(method)], handle, isOpen);
      endpoints.set(wire.path, endpoint);
      implementation[method.localName] = callOf(method, endpoint);
    }
    server.addService(definition, implementation);
  }

  function callOf({ methodKind }: DescMethod, endpoint: Endpoint): grpc.UntypedHandleCall {
    switch (methodKind) {
      case 'unary':
        return unaryCall(layers, endpoint);
      case 'client_streaming':
        return clientStreamCall(layers, endpoint);
      case 'server_streaming':
      case 'bidi_streaming':
        return serverStreamCall(layers, endpoint, open);
    }
  }

  const door = await openDoor({
    address,
    tls,
    limits,
    log,
    say: layers.say,
    meter,
    enter: (connection) => injector.injectConnection(connection),
  });
  connections = door;
  const { port } = door;
  const host = address.slice(0, address.lastIndexOf(':'));
  log.info({ address: `${host}:${port}` }, 'serving');
  let drained: Promise<void> | undefined;
  return {
    address: `${host}:${port}`,
    port,
    drain: () => {
      drained ??= drainServer(server, door, state, open, limits, log);
      return drained;
    },
  };
}

const serverOptions = (limits: ServerLimits): grpc.ServerOptions => ({
  'grpc.max_concurrent_streams': limits.streamsPerConnection,
  'grpc.max_receive_message_length': receiveBytesMax,
  'grpc.max_connection_age_ms': limits.connectionAgeMs,
  'grpc.max_connection_age_grace_ms': limits.connectionGraceMs,
  'grpc.max_connection_idle_ms': limits.connectionIdleMs,
  'grpc.keepalive_time_ms': limits.keepaliveMs,
  'grpc.keepalive_timeout_ms': limits.keepaliveTimeoutMs,
  'grpc.enable_channelz': 0,
});
