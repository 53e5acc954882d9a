/**
 * A real Apache Kafka of one node, for tests, benches and the demo. Its jars come from Maven once and
 * stay in the user's cache folder; `java` and `mvn` have to be there.
 */
import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

export const kafkaVersion = '4.1.0';

export interface KafkaServer {
  readonly brokers: readonly string[];
  /** Ends the broker, keeps its data; `hard` as a power cut would. */
  halt(hard?: boolean): Promise<void>;
  /** Starts it again on the same data and port. */
  resume(): Promise<void>;
  /** Ends the broker and removes the data that were made for it. */
  stop(): Promise<void>;
}

export interface KafkaOptions {
  /** Where the data stay; without it they are removed with the broker. */
  readonly folder?: string;
}

/** True where `startKafka` can work. */
export function canStartKafka(): boolean {
  return ['java', 'mvn'].every((command) => {
    try {
      execFileSync('sh', ['-c', `command -v ${command}`], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  });
}

export async function startKafka({ folder }: KafkaOptions = {}): Promise<KafkaServer> {
  const classPath = join(await kafkaJars(), '*');
  const home = folder ?? mkdtempSync(join(tmpdir(), 'lianbao-kafka-'));
  const settings = join(home, 'server.properties');
  mkdirSync(home, { recursive: true });
  const [port, controllerPort] = await freePorts(2);
  if (port === undefined || controllerPort === undefined) throw new Error('no port is free');
  writeFileSync(settings, settingsText(home, port, controllerPort));
  if (!existsSync(join(home, 'data', 'meta.properties'))) {
    const tool = ['-XX:TieredStopAtLevel=1', '-cp', classPath, 'kafka.tools.StorageTool'];
    const { stdout } = await run('java', [...tool, 'random-uuid']);
    await run('java', [...tool, 'format', '-t', stdout.trim(), '-c', settings]);
  }
  const start = () => startBroker(classPath, settings, port);
  let broker = await start();
  return {
    brokers: [`127.0.0.1:${port}`],
    halt: (hard = false) => broker.end(hard),
    resume: async () => {
      broker = await start();
    },
    stop: async () => {
      await broker.end(true);
      if (folder === undefined) rmSync(home, { recursive: true, force: true });
    },
  };
}

interface Broker {
  end(hard: boolean): Promise<void>;
}

// The broker ends when its input does, so that it never outlives this process, however that ends.
const untilInputEnds =
  'exec 3<&0; "$@" 3<&- & server=$!; { cat <&3; kill -TERM $server; } >/dev/null 2>&1 & wait $server';
const startWithinMs = 60_000;

async function startBroker(classPath: string, settings: string, port: number): Promise<Broker> {
  const command = [
    'java',
    '-Xmx384m',
    '-XX:+UseSerialGC',
    '-cp',
    classPath,
    'kafka.Kafka',
    settings,
  ];
  const server = spawn('sh', ['-c', untilInputEnds, 'sh', ...command], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true, // A Ctrl-C in the terminal ends us first.
  });
  server.stdin.on('error', () => undefined);
  const exited = once(server, 'exit');
  let said = '';
  const listen = (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-4_000);
  };
  server.stdout.on('data', listen);
  server.stderr.on('data', listen);
  const end = async (hard: boolean): Promise<void> => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    if (hard && server.pid !== undefined) process.kill(-server.pid, 'SIGKILL');
    else server.stdin.end();
    await exited;
  };
  const deadline = performance.now() + startWithinMs;
  while (!(await answers(port))) {
    if (server.exitCode !== null || performance.now() > deadline) {
      await end(true);
      throw new Error(`Kafka did not start:\n${said}`);
    }
    await pause(100);
  }
  return { end };
}

/** True when the broker answers an ApiVersions request: it takes requests only when it is ready. */
function answers(port: number): Promise<boolean> {
  const apiVersionsV0 = Buffer.from([0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, 0xff, 0xff]);
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, timeout: 2_000 });
    const done = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => socket.write(apiVersionsV0));
    socket.once('data', () => done(true));
    socket.once('error', () => done(false));
    socket.once('close', () => done(false));
    socket.once('timeout', () => done(false));
  });
}

async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server;
    }),
  );
  return Promise.all(
    servers.map(async (server) => {
      const address = server.address();
      server.close();
      await once(server, 'close');
      return typeof address === 'object' && address !== null ? address.port : 0;
    }),
  );
}

/** The folder with the jars. Two who fetch at once do not disturb each other: the first one done wins. */
async function kafkaJars(): Promise<string> {
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'lianbao');
  const jars = join(cache, `kafka-${kafkaVersion}`);
  if (existsSync(jars)) return jars;
  mkdirSync(cache, { recursive: true });
  const work = mkdtempSync(join(cache, 'fetching-'));
  try {
    writeFileSync(join(work, 'pom.xml'), pom);
    const goal = ['dependency:copy-dependencies', `-DoutputDirectory=${join(work, 'jars')}`];
    await run('mvn', ['-q', '-B', ...goal], { cwd: work });
    if (!existsSync(jars)) renameSync(join(work, 'jars'), jars);
  } catch (error) {
    if (!existsSync(jars)) throw error;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return jars;
}

const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>lianbao</groupId>
  <artifactId>kafka-jars</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>org.apache.kafka</groupId>
      <artifactId>kafka_2.13</artifactId>
      <version>${kafkaVersion}</version>
    </dependency>
  </dependencies>
</project>
`;

const settingsText = (home: string, port: number, controllerPort: number): string =>
  Object.entries({
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'log.dirs': join(home, 'data'),
    'auto.create.topics.enable': false,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 4,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    'broker.session.timeout.ms': 2_000,
    'broker.heartbeat.interval.ms': 500,
    'group.initial.rebalance.delay.ms': 0,
    'group.min.session.timeout.ms': 1_000,
    'log.cleaner.dedupe.buffer.size': 4 * 1024 ** 2,
    'num.network.threads': 2,
    'num.io.threads': 4,
  })
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
