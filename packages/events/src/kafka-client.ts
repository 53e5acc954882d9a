/** kafkajs as we want it: our log, short retries (those who call retry longer), no needless timers. */
import { createRequire } from 'node:module';
import type { Log } from '@lianbao/kernel';
import { Kafka, type logCreator, logLevel } from 'kafkajs';

export interface KafkaAddress {
  readonly brokers: readonly string[];
  readonly clientId: string;
}

export function kafkaClient({ brokers, clientId }: KafkaAddress, log: Log): Kafka {
  keepQueueQuiet();
  return new Kafka({
    brokers: [...brokers],
    clientId,
    connectionTimeout: 3_000,
    requestTimeout: 15_000,
    retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 3 },
    logLevel: logLevel.WARN,
    logCreator: logTo(log),
  });
}

// These tell each attempt to connect; what comes of it all, our own lines say.
const chatty = new Set(['Connection', 'BrokerPool', 'Cluster']);

/** What kafkajs calls an error it mostly tries again: a warning for us. */
const logTo =
  (log: Log): logCreator =>
  () =>
  ({ namespace, level, log: { message, timestamp: _, logger: __, ...fields } }) => {
    const entry = { ...fields, namespace };
    if (chatty.has(namespace)) log.debug(entry, message);
    else if (level === logLevel.ERROR) log.warn(entry, message);
    else log.info(entry, message);
  };

interface RequestQueue {
  readonly pending: readonly unknown[];
  readonly throttledUntil: number;
  scheduleCheckPendingRequests(): void;
}

let quiet = false;

/**
 * kafkajs 2.2.4 sets a timer after each response, and with a negative time, of which Node 24 warns.
 * It is needed only when a request waits or the broker throttles.
 */
function keepQueueQuiet(): void {
  if (quiet) return;
  quiet = true;
  const path = 'kafkajs/src/network/requestQueue/index.js';
  const { prototype } = createRequire(import.meta.url)(path) as { prototype: RequestQueue };
  const schedule = prototype.scheduleCheckPendingRequests;
  prototype.scheduleCheckPendingRequests = function (this: RequestQueue): void {
    if (this.pending.length > 0 || this.throttledUntil > Date.now()) schedule.call(this);
  };
}
