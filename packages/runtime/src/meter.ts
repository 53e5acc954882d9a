/** The kernel's Meter on a Prometheus registry of its own, with the figures of the Node process. */
import type { Labels, Meter } from '@lianbao/kernel';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export interface ProcessMeter extends Meter {
  /** All metrics in the text format of Prometheus. */
  render(): Promise<string>;
}

const bucketsSeconds = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
];

/** Counts metrics that were measured with another kind or other labels than the first time. */
const misuseName = 'meter_misuse_total';

/** A metric has the kind and the labels of its first use. Measuring never throws. */
export function createMeter(): ProcessMeter {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const misuse = new Counter({
    name: misuseName,
    help: misuseName,
    labelNames: ['name'],
    registers: [registry],
  });

  const known = new Map<string, Counter | Gauge | Histogram>();
  function measure<Metric extends Counter | Gauge | Histogram>(
    Kind: new (configuration: MetricConfiguration) => Metric,
    name: string,
    labels: Labels,
    act: (metric: Metric) => void,
  ): void {
    try {
      let metric = known.get(name);
      if (metric === undefined) {
        const labelNames = Object.keys(labels);
        const buckets = Kind === Histogram ? { buckets: bucketsSeconds } : {};
        metric = new Kind({ name, help: name, labelNames, registers: [registry], ...buckets });
        known.set(name, metric);
      }
      if (!(metric instanceof Kind)) throw new TypeError(`${name} is of another kind`);
      act(metric);
    } catch {
      misuse.inc({ name });
    }
  }

  return {
    count: (name, labels = {}, by = 1) =>
      measure(Counter, name, labels, (counter) => counter.inc(labels, by)),
    gauge: (name, value, labels = {}) =>
      measure(Gauge, name, labels, (gauge) => gauge.set(labels, value)),
    observeSeconds: (name, seconds, labels = {}) =>
      measure(Histogram, name, labels, (histogram) => histogram.observe(labels, seconds)),
    render: () => registry.metrics(),
  };
}

interface MetricConfiguration {
  name: string;
  help: string;
  labelNames: string[];
  registers: Registry[];
  buckets?: number[];
}
