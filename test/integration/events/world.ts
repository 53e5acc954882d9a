/** A service as small as can be, for tests of events: it publishes texts, and writes down what it hears. */
import { create, toBinary } from '@bufbuild/protobuf';
import { StringValueSchema } from '@bufbuild/protobuf/wkt';
import {
  type Bus,
  type BusRecord,
  consumers,
  type Delivery,
  deliveryOf,
  type Handler,
  on,
  publish,
  type Relay,
  type RelayOptions,
  recordOf,
  relay,
  type Subscription,
} from '@lianbao/events';
import {
  type Log,
  type LogFields,
  resourceUid,
  silentLog,
  silentMeter,
  type Tenant,
  type Uid,
} from '@lianbao/kernel';
import { type Database, openDatabase, sql, transact } from '@lianbao/persistence';
import type { EntityManager } from '@mikro-orm/postgresql';
import pg from 'pg';
import { expect, onTestFinished } from 'vitest';
import { type FreshDatabase, freshDatabase } from '../../support/database.ts';

export const tenant = 'local' as Tenant;
export const keyOf = (name: string): Uid => resourceUid(tenant, `things/${name}`);

const time = new Date('2020-02-21T01:00:00Z');
export const clock = () => time;
export const origin = {
  time,
  actor: 'operator tester',
  cause: 'lianbao.test.v1.TestService/Say',
  causationId: '5f0c6c1e-4d0b-4a5f-9a0e-0d6a3a6a1f11',
  correlationId: 'things/a',
};

/** Logged warnings and errors, to be read when a test fails. */
export const said: { fields: LogFields; message: string }[] = [];
export const log: Log = {
  ...silentLog,
  warn: (fields, message) => void said.push({ fields, message }),
  error: (fields, message) => void said.push({ fields, message }),
  child: () => log,
};

export interface World {
  readonly access: FreshDatabase;
  readonly database: Database;
  /** One transaction with one event a text, all of one key. */
  say(topic: string, name: string, ...texts: readonly string[]): Promise<void>;
  /** Subscribes; ended with the test. To be called before the bus starts. */
  hear(bus: Bus, ...subscriptions: readonly Subscription[]): void;
  relay(bus: Bus, options?: Partial<RelayOptions>): Promise<Relay>;
  /** Writes the text down, in the transaction of the inbox. */
  noting(group: string, before?: (text: string, delivery: Delivery) => void): Handler;
  /** What a group wrote down, in the order of its doing so, by name of the key. */
  noted(group: string, name: string): Promise<readonly string[]>;
  countNoted(group: string): Promise<number>;
  admin<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>;
}

export async function newWorld(): Promise<World> {
  const access = await freshDatabase('plumbing');
  const owner = new pg.Client({ connectionString: access.adminUrl });
  await owner.connect();
  onTestFinished(() => owner.end());
  await owner.query(`create table note
    (number bigint generated always as identity, "group" text, key uuid, text text)`);
  await owner.query('grant select, insert on note to plumbing_app');
  const database = await openDatabase({
    url: access.appUrl,
    entities: [],
    applicationName: 'events test',
  });
  onTestFinished(() => database.close());
  const base = { database, tenants: [tenant], clock, log, meter: silentMeter };

  const note = (em: EntityManager, group: string, key: Uid, text: string) =>
    sql(em, 'insert into note ("group", key, text) values ($1, $2, $3)', [group, key, text]);

  return {
    access,
    database,
    say: (topic, name, ...texts) =>
      transact(database, tenant, (em) =>
        publish(em, origin, ...texts.map((text) => saying(topic, name, text))),
      ),
    hear: (bus, ...subscriptions) => {
      const hearing = consumers({ ...base, bus, subscriptions });
      hearing.start();
      onTestFinished(() => hearing.stop());
    },
    relay: async (bus, options = {}) => {
      const made = relay({ ...base, bus, url: access.appUrl, pollIdleMs: 100, ...options });
      await made.start();
      onTestFinished(() => made.stop());
      return made;
    },
    noting: (group, before = () => undefined) =>
      on(StringValueSchema, async (em, { value }, delivery) => {
        before(value, delivery);
        await note(em, group, delivery.key, value);
      }),
    noted: async (group, name) => {
      const { rows } = await owner.query<{ text: string }>(
        'select text from note where "group" = $1 and key = $2 order by number',
        [group, keyOf(name)],
      );
      return rows.map(({ text }) => text);
    },
    countNoted: async (group) => {
      const { rows } = await owner.query('select from note where "group" = $1', [group]);
      return rows.length;
    },
    admin: async <Row>(text: string, values: readonly unknown[] = []) =>
      (await owner.query(text, [...values])).rows as Row[],
  };
}

export const saying = (topic: string, name: string, value: string) => ({
  topic,
  key: keyOf(name),
  subject: `things/${name}`,
  schema: StringValueSchema,
  message: { value },
  audience: ['platforms/p', 'lenders/l'],
});

export const payloadOf = (value: string): Uint8Array =>
  toBinary(StringValueSchema, create(StringValueSchema, { value }));

export type EventGiven = readonly [
  of: string,
  sequence: bigint,
  text: string,
  change?: Partial<Delivery>,
];

/** An event of an aggregate, made by hand. */
export const eventOn = (
  topic: string,
  ...[of, sequence, text, change = {}]: EventGiven
): BusRecord =>
  recordOf(
    deliveryOf({
      tenant,
      topic,
      key: keyOf(of),
      epoch: 0n,
      sequence,
      type: StringValueSchema.typeName,
      subject: `things/${of}`,
      time,
      correlationId: 'things/a',
      causationId: 'x',
      audience: [],
      traceparent: undefined,
      payload: payloadOf(text),
      ...change,
    }),
  );

export const eventually = <T>(read: () => Promise<T>) =>
  expect.poll(read, { timeout: 30_000, interval: 20 });

export const numbers = (count: number, prefix = ''): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`);
