/** The broker of `--kafka`: the one that KAFKA_BROKERS names, else a real one started for this run. */
import { type Bus, createTopics, kafkaBus } from '@lianbao/events';
import type { Log, Meter } from '@lianbao/kernel';

export interface DemoKafka {
  readonly bus: Bus;
  readonly brokers: readonly string[];
  /** Ends a broker that was started here. */
  stop(): Promise<void>;
}

/** Says in plain words what is missing where there is neither a broker nor what starts one. */
export async function openKafka(
  named: string | undefined,
  { log, meter }: { readonly log: Log; readonly meter: Meter },
): Promise<DemoKafka> {
  const given = named?.split(',').filter((broker) => broker !== '') ?? [];
  const server = given.length > 0 ? undefined : await startBroker();
  const brokers = server?.brokers ?? given;
  const stop = async () => server?.stop();
  try {
    await createTopics(brokers, { log });
  } catch (error) {
    await stop();
    throw new Error(`Kafka at ${brokers.join(', ')} does not answer: ${(error as Error).message}`);
  }
  return { bus: kafkaBus({ brokers, clientId: 'lianbao-demo', log, meter }), brokers, stop };
}

async function startBroker() {
  const { canStartKafka, startKafka } = await import('../../../test/support/kafka-server.ts');
  if (!canStartKafka()) {
    throw new Error(
      '--kafka starts a real Apache Kafka and needs java and mvn on the PATH for that; or name brokers: KAFKA_BROKERS=host:port',
    );
  }
  return startKafka();
}
