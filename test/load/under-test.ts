/** The system under test with its broker, and what both have used of the machine. */
import { createTopics, kafkaBus } from '@lianbao/events';
import { silentLog, silentMeter } from '@lianbao/kernel';
import { startKafka } from '../support/kafka-server.ts';
import { cpuMsBelow } from './cpu.ts';
import { type Listener, seenOn } from './seen-event.ts';
import { type ServerProcess, startServer } from './server-process.ts';

/** Milliseconds of CPU. */
export interface CpuMs {
  readonly node: number;
  readonly postgres: number;
  readonly kafka: number;
  readonly load: number;
}

export interface UnderTest extends Omit<ServerProcess, 'stop'> {
  cpuMs(): Promise<CpuMs>;
  stop(): Promise<void>;
}

export const cpuDifference = (before: CpuMs, after: CpuMs): CpuMs => ({
  node: after.node - before.node,
  postgres: after.postgres - before.postgres,
  kafka: after.kafka - before.kafka,
  load: after.load - before.load,
});

export interface UnderTestOptions {
  readonly homeFolder: string;
  readonly kafka: boolean;
  readonly settings?: Readonly<Record<string, string>>;
}

/** Ends what it has started when it cannot start all of it. */
export async function startUnderTest(options: UnderTestOptions): Promise<UnderTest> {
  const undo: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const brokers = options.kafka ? await startBroker(undo) : [];
    const listener = options.kafka ? await listenOn(brokers, undo) : undefined;
    const server = await startServer({ ...options, brokers });
    undo.push(server.stop);
    return {
      ...server,
      takeEvents: listener?.take ?? server.takeEvents,
      cpuMs: async () => {
        const { user, system } = process.cpuUsage();
        return {
          node: (await server.usage()).cpuMs,
          postgres: cpuMsBelow(server.pid, 'postgres'),
          kafka: cpuMsBelow(process.pid, 'java'),
          load: (user + system) / 1_000,
        };
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Undo = (() => Promise<void>)[];

async function startBroker(undo: Undo): Promise<readonly string[]> {
  const server = await startKafka();
  undo.push(server.stop);
  await createTopics(server.brokers);
  return server.brokers;
}

async function listenOn(brokers: readonly string[], undo: Undo): Promise<Listener> {
  const bus = kafkaBus({ brokers, clientId: 'load', log: silentLog, meter: silentMeter });
  const listener = seenOn(bus);
  await bus.start();
  undo.push(() => bus.stop());
  return listener;
}
