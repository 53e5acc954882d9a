/** A broker for tests: the one of KAFKA_BROKERS, else one of our own, else none and a loud line. */
import { canStartKafka, type KafkaServer, startKafka } from './kafka-server.ts';

export interface TestKafka extends KafkaServer {
  /** False for brokers that were given: they are not ours to stop. */
  readonly ours: boolean;
}

/** Undefined: the tests that need Kafka are skipped. In CI a machine that could start one must. */
export async function kafkaForTests(): Promise<TestKafka | undefined> {
  const given = process.env.KAFKA_BROKERS;
  if (given !== undefined && given !== '') {
    const nothing = async () => undefined;
    return {
      brokers: given.split(','),
      ours: false,
      halt: nothing,
      resume: nothing,
      stop: nothing,
    };
  }
  if (!canStartKafka()) {
    console.warn(
      'KAFKA TESTS SKIPPED: no KAFKA_BROKERS, and no java and mvn to start a broker with',
    );
    return undefined;
  }
  try {
    return { ...(await startKafka()), ours: true };
  } catch (error) {
    if ((process.env.CI ?? '') !== '') throw error;
    console.warn(`KAFKA TESTS SKIPPED: ${String(error)}`);
    return undefined;
  }
}
