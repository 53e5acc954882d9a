/** All services on a database of their own that is thrown away, on a day of the past. */
import { chmodSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { channelTo } from '@lianbao/grpc';
import { type Clock, shiftedClock, type Tenant } from '@lianbao/kernel';
import { createLog, createMeter } from '@lianbao/runtime';
import { startAllInOne } from '../all-in-one.ts';
import { temporaryFolder } from '../database-folder.ts';
import { openHome } from '../home.ts';
import { openKafka } from '../kafka.ts';
import { localTenant } from '../local-tenant.ts';
import { type Market, marketOn } from '../partners.ts';

export interface Session {
  readonly market: Market;
  readonly clock: Clock;
  readonly address: string;
  readonly bus: string;
}

export interface SessionOptions {
  /** The clock shows it at the start, and then runs. */
  readonly startAt: Date;
  /** Undefined: the local bus. */
  readonly kafka: { readonly brokers: string | undefined } | undefined;
}

const linesKept = 5;
/** Room for a million rows; as durable as PostgreSQL is by default. */
const settings = { shared_buffers: '256MB', max_wal_size: '4GB' };

/** What `stop` has to undo is known from the first moment on, so that Ctrl-C leaves nothing. */
export class DemoSession {
  readonly #undo: (() => void | Promise<void>)[] = [];
  readonly #warnings: string[] = [];
  #stopped: Promise<void> | undefined;

  async open({ startAt, kafka }: SessionOptions): Promise<Session> {
    const folder = temporaryFolder();
    this.#undo.push(() => rmSync(folder, { recursive: true, force: true }));
    const home = await openHome(join(folder, 'home'));
    chmodSync(home.folder, 0o711);
    const log = createLog({
      service: 'demo',
      level: 'warn',
      destination: { write: (line) => this.#keep(line) },
    });
    const meter = createMeter();
    const clock = shiftedClock(() => new Date(), startAt);
    const broker = kafka === undefined ? undefined : await openKafka(kafka.brokers, { log, meter });
    if (broker !== undefined) this.#undo.push(() => broker.stop());
    // On a broker that others use too, a tenant of one's own: its aggregates have other keys.
    const tenant =
      broker === undefined ? localTenant : (`demo-${process.pid}-${Date.now()}` as Tenant);
    const starting = startAllInOne({
      home,
      clock,
      log,
      meter,
      port: 0,
      tenant,
      settings,
      ...(broker === undefined ? {} : { bus: broker.bus }),
    });
    // Noted before it is there: a Ctrl-C during the start waits for it, and then stops it.
    this.#undo.push(async () => (await starting.catch(() => undefined))?.stop());
    const running = await starting;
    const channel = channelTo(running.address);
    this.#undo.push(() => channel.close());
    return {
      market: marketOn(channel, running),
      clock,
      address: running.address,
      bus: broker === undefined ? 'local' : `Kafka at ${broker.brokers.join(', ')}`,
    };
  }

  /** The last lines of the log, warnings and errors only. */
  get warnings(): readonly string[] {
    return this.#warnings;
  }

  stop(): Promise<void> {
    this.#stopped ??= (async () => {
      for (const step of this.#undo.splice(0).reverse()) await step();
    })();
    return this.#stopped;
  }

  #keep(line: string): void {
    this.#warnings.push(inShort(line));
    if (this.#warnings.length > linesKept) this.#warnings.shift();
  }
}

interface LogLine {
  readonly level: string;
  readonly context?: string;
  readonly message: string;
  readonly error?: { readonly message?: string };
}

function inShort(line: string): string {
  const { level, context = 'demo', message, error } = JSON.parse(line) as LogLine;
  return `${level} in ${context}: ${message}${error?.message === undefined ? '' : `: ${error.message}`}`;
}
