/** The least that a gRPC call can be: grpc-js gives back the bytes it was sent, in a process of its own. */
import { Server, ServerCredentials, type ServiceDefinition } from '@grpc/grpc-js';

export const echoPath = '/bench.Echo/Say';

const asIs = (bytes: Buffer): Buffer => bytes;
const service: ServiceDefinition = {
  say: {
    path: echoPath,
    requestStream: false,
    responseStream: false,
    requestSerialize: asIs,
    requestDeserialize: asIs,
    responseSerialize: asIs,
    responseDeserialize: asIs,
  },
};

if (process.send !== undefined && import.meta.main) {
  const server = new Server();
  server.addService(service, {
    say: (call: { request: Buffer }, done: (error: null, answer: Buffer) => void) =>
      done(null, call.request),
  });
  server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
    if (error !== null) throw error;
    process.send?.({ port });
  });
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    process.send?.({ cpuMs: (user + system) / 1_000 });
  });
  process.once('disconnect', () => process.exit());
}
