import { setTimeout as pause } from 'node:timers/promises';
import type { Server } from '@grpc/grpc-js';
import type { Log } from '@lianbao/kernel';
import type { Connections } from './connections.ts';
import type { ServerLimits } from './limits.ts';
import type { OpenStreams } from './stream-call.ts';

/** Resolves when no connection is left. Calls that outlast `drainCallsMs` are cut. */
export async function drainServer(
  server: Server,
  connections: Connections,
  state: { draining: boolean },
  open: OpenStreams,
  { drainWaitMs, drainCallsMs }: ServerLimits,
  log: Log,
): Promise<void> {
  state.draining = true;
  // Balancers need a moment to see it; until then new calls are served as before.
  await pause(drainWaitMs);
  const closed = connections.close();
  server.tryShutdown(() => undefined); // Tells each client to go; connections say when they are gone.
  for (const stream of [...open]) stream.end();
  const timer = setTimeout(() => {
    log.warn({ drainCallsMs }, 'calls were cut while draining');
    connections.cutAll('DRAIN');
  }, drainCallsMs);
  await closed;
  clearTimeout(timer);
}
