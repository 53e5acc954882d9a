import { once } from 'node:events';
import { createServer } from 'node:net';

/** The port when it is free on loopback, else one that is. */
export async function freePort(wanted: number): Promise<number> {
  return (await tryPort(wanted)) ?? ((await tryPort(0)) as number);
}

async function tryPort(port: number): Promise<number | undefined> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as { port: number }).port;
  } catch {
    return undefined;
  } finally {
    if (server.listening) await new Promise((closed) => server.close(closed));
  }
}
