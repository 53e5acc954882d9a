import type { EventEmitter } from 'node:events';
import type { Metadata } from '@grpc/grpc-js';
import type { Layers } from './layers.ts';

/** What a call of any kind has on grpc-js. */
export interface SurfaceCall extends EventEmitter {
  readonly metadata: Metadata;
  readonly cancelled: boolean;
  getPeer(): string;
}

/**
 * Once a call has its answer, whoever does not take it within `slowReaderMs` loses the connection:
 * what is written waits in memory for a reader, and grpc-js has no way to end one stream without it.
 */
export function sendOff({ limits, cut }: Layers, call: SurfaceCall): void {
  if (call.cancelled) return;
  const peer = call.getPeer();
  const timer = setTimeout(() => cut(peer, 'SLOW_READER'), limits.slowReaderMs);
  timer.unref();
  call.once('cancelled', () => clearTimeout(timer)); // grpc-js also calls an answered call cancelled.
}
