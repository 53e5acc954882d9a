import type { EventEmitter } from 'node:events';
import type { Arrival, Layers } from './layers.ts';

/**
 * Once a call has its answer, whoever does not take it within `slowReaderMs` loses the connection:
 * what is written waits in memory for a reader, and grpc-js has no way to end one stream without it.
 */
export function sendOff(
  { limits, cutReader }: Layers,
  arrival: Pick<Arrival, 'cancelled' | 'getPeer'> & EventEmitter,
): void {
  if (arrival.cancelled) return;
  const peer = arrival.getPeer();
  const timer = setTimeout(() => cutReader(peer), limits.slowReaderMs);
  timer.unref();
  arrival.once('cancelled', () => clearTimeout(timer)); // grpc-js also calls an answered call cancelled.
}
