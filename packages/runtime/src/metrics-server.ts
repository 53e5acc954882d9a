/** Metrics and readiness over plain HTTP, for a port that only the pod's neighbours and Prometheus reach. */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ProcessMeter } from './meter.ts';

export interface MetricsServer {
  readonly port: number;
  stop(): Promise<void>;
}

/** `/metrics`, `/live` and `/ready` (503 until `ready`). Port 0 takes a free one; listens on loopback unless told. */
export async function serveMetrics(
  meter: Pick<ProcessMeter, 'render'>,
  port: number,
  ready: () => boolean,
  host = '127.0.0.1',
): Promise<MetricsServer> {
  const server = createServer((request, response) => {
    if (request.method !== 'GET') return answer(response, 405, 'GET only\n');
    switch (request.url) {
      case '/metrics':
        meter.render().then(
          (text) => answer(response, 200, text),
          () => answer(response, 500, 'no metrics\n'),
        );
        return;
      case '/live':
        return answer(response, 200, 'live\n');
      case '/ready':
        return ready() ? answer(response, 200, 'ready\n') : answer(response, 503, 'not ready\n');
      default:
        return answer(response, 404, 'not found\n');
    }
  });
  const { promise: listening, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(port, host, resolve);
  await listening;
  return {
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      const { promise: closed, resolve: done } = Promise.withResolvers<void>();
      server.close(() => done());
      server.closeAllConnections();
      await closed;
    },
  };
}

function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
  response.end(text);
}
