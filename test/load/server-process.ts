/** The server under test, seen from the process that loads it. */
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { channelTo, readIssuerKeys, tokenIssuer } from '@lianbao/grpc';
import { openHome } from '../../deploy/local/src/home.ts';
import { localTenant } from '../../deploy/local/src/local-tenant.ts';
import { type Market, marketOn } from '../../deploy/local/src/partners.ts';
import type { SeenEvent } from './seen-event.ts';

export interface Serving {
  readonly address: string;
  readonly adminUrl: string;
  readonly databaseUrls: Readonly<Record<'party' | 'scoring' | 'approval', string>>;
}

export interface Usage {
  /** Of the process so far, user and system. */
  readonly cpuMs: number;
  readonly rssMaxMb: number;
  readonly heapMb: number;
}

export type FromServer =
  | { readonly type: 'serving'; readonly serving: Serving }
  | { readonly type: 'usage'; readonly usage: Usage }
  | { readonly type: 'profiled'; readonly profile: string }
  | { readonly type: 'events'; readonly events: readonly SeenEvent[] };

/** `profile` begins a CPU profile, `profiled` ends it. */
export type ToServer = 'usage' | 'profile' | 'profiled' | 'stop';

export interface ServerProcess extends Serving {
  readonly pid: number;
  readonly market: Market;
  usage(): Promise<Usage>;
  /** Events of the local bus since the last time; of Kafka none. */
  takeEvents(): readonly SeenEvent[];
  /** Begins a CPU profile; the function ends it and gives its JSON text. */
  profile(): () => Promise<string>;
  stop(): Promise<void>;
}

export interface ServerProcessOptions {
  readonly homeFolder: string;
  /** Of Kafka; none: the local bus. */
  readonly brokers: readonly string[];
  /** Of PostgreSQL; its durable defaults when left out. */
  readonly settings?: Readonly<Record<string, string>>;
}

export async function startServer(options: ServerProcessOptions): Promise<ServerProcess> {
  const { homeFolder, brokers, settings = {} } = options;
  const script = join(import.meta.dirname, 'server.ts');
  const child = fork(script, [homeFolder, brokers.join(','), JSON.stringify(settings)], {
    serialization: 'advanced',
  });
  const events: SeenEvent[] = [];
  child.on('message', (message: FromServer) => {
    if (message.type === 'events') events.push(...message.events);
  });
  const { serving } = await answerOf(child, 'serving');
  const { issuerKeys } = await openHome(homeFolder);
  const channel = channelTo(serving.address);
  const issuer = tokenIssuer(readIssuerKeys(issuerKeys));
  return {
    ...serving,
    pid: child.pid as number,
    market: marketOn(channel, { issuer, tenant: localTenant }),
    usage: async () => {
      child.send('usage' satisfies ToServer);
      return (await answerOf(child, 'usage')).usage;
    },
    takeEvents: () => events.splice(0),
    profile: () => {
      child.send('profile' satisfies ToServer);
      return async () => {
        child.send('profiled' satisfies ToServer);
        return (await answerOf(child, 'profiled')).profile;
      };
    },
    stop: async () => {
      channel.close();
      const gone = new Promise((resolve) => child.once('exit', resolve));
      if (child.connected) child.send('stop' satisfies ToServer);
      await gone;
    },
  };
}

/** The next message of a type. Rejects when the process ends before. */
function answerOf<Type extends FromServer['type']>(
  child: ChildProcess,
  type: Type,
): Promise<Extract<FromServer, { type: Type }>> {
  return new Promise((resolve, reject) => {
    const listen = (message: FromServer) => {
      if (message.type !== type) return;
      child.off('message', listen);
      child.off('exit', ended);
      resolve(message as Extract<FromServer, { type: Type }>);
    };
    const ended = (code: number | null) =>
      reject(new Error(`the server under test ended with ${code}`));
    child.on('message', listen);
    child.once('exit', ended);
  });
}
