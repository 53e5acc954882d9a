/** What is said of a set of waiting times. */
import { percentile } from '../../deploy/local/src/demo/percentile.ts';

export interface Latency {
  readonly count: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

export const latencyOf = (waitsMs: readonly number[]): Latency => ({
  count: waitsMs.length,
  p50Ms: rounded(percentile(waitsMs, 0.5)),
  p95Ms: rounded(percentile(waitsMs, 0.95)),
  p99Ms: rounded(percentile(waitsMs, 0.99)),
  maxMs: rounded(percentile(waitsMs, 1)),
});

/** Two digits after the point. */
export const rounded = (value: number): number => Math.round(value * 100) / 100;
