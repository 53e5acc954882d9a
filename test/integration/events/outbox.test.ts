import { createHash } from 'node:crypto';
import { create, toBinary } from '@bufbuild/protobuf';
import { StringValueSchema } from '@bufbuild/protobuf/wkt';
import {
  type Bus,
  type BusRecord,
  countPending,
  localBus,
  publish,
  raiseEpoch,
  recordChange,
} from '@lianbao/events';
import { canonicalJson, type Tenant, withTrace } from '@lianbao/kernel';
import { openDatabase, sql, transact } from '@lianbao/persistence';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { clock, keyOf, newWorld, origin, saying, tenant, type World } from './world.ts';

const topic = 'lianbao.thing.v1';
const sandbox = 'sandbox' as Tenant;
const sha256 = (bytes: string | Uint8Array) => createHash('sha256').update(bytes).digest();

let world: World;
beforeEach(async () => {
  world = await newWorld();
});

/** A bus that keeps what it is given, and may be told to refuse. */
function openBus(refuses: (record: BusRecord) => boolean = () => false) {
  const records: BusRecord[] = [];
  const bus: Bus = {
    ...localBus(),
    send: async (some) => {
      if (some.some(refuses)) throw new Error('refused');
      records.push(...some);
    },
  };
  const texts = (name: string) =>
    records
      .filter(({ key }) => key === keyOf(name))
      .map(({ value }) => Buffer.from(value.subarray(2)).toString());
  return { bus, records, texts };
}

describe('publish', () => {
  it('writes one row that serves the audit trail too', async () => {
    const traceparent = `00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-01`;
    await withTrace(traceparent, () => world.say(topic, 'a', 'hello'));
    const payload = toBinary(StringValueSchema, create(StringValueSchema, { value: 'hello' }));
    expect(await world.admin('select * from outbox')).toEqual([
      {
        tenant: 'local',
        number: '1',
        topic,
        key: keyOf('a'),
        epoch: '0',
        sequence: '1',
        type: 'google.protobuf.StringValue',
        subject: 'things/a',
        time: clock(),
        actor: 'operator tester',
        cause: 'lianbao.test.v1.TestService/Say',
        causation_id: '5f0c6c1e-4d0b-4a5f-9a0e-0d6a3a6a1f11',
        correlation_id: 'things/a',
        traceparent,
        audience: 'platforms/p,lenders/l',
        payload: Buffer.from(payload),
        content_sha256: sha256(payload),
      },
    ]);
    expect(await countPending(world.database, tenant)).toBe(1);
  });

  it('counts each topic and key from 1, in the order of the call', async () => {
    const other = 'lianbao.other.v1';
    await transact(world.database, tenant, (em) =>
      publish(
        em,
        origin,
        saying(topic, 'a', 'one'),
        saying(topic, 'b', 'one'),
        saying(other, 'a', 'one'),
        saying(topic, 'a', 'two'),
      ),
    );
    await world.say(topic, 'a', 'three');
    expect(await world.admin('select topic, key, sequence from outbox order by number')).toEqual([
      { topic, key: keyOf('a'), sequence: '1' },
      { topic, key: keyOf('b'), sequence: '1' },
      { topic: other, key: keyOf('a'), sequence: '1' },
      { topic, key: keyOf('a'), sequence: '2' },
      { topic, key: keyOf('a'), sequence: '3' },
    ]);
  });

  it('gives concurrent transactions of one aggregate sequences without a gap, numbers rising with them', async () => {
    await Promise.all(Array.from({ length: 30 }, (_, text) => world.say(topic, 'a', `${text}`)));
    const rows = await world.admin<{ sequence: string }>(
      'select sequence from outbox order by number',
    );
    expect(rows.map(({ sequence }) => Number(sequence))).toEqual(
      Array.from({ length: 30 }, (_, index) => index + 1),
    );
  });

  it('leaves nothing behind when the transaction is rolled back', async () => {
    const failing = transact(world.database, tenant, async (em) => {
      await publish(em, origin, saying(topic, 'a', 'never'));
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    await world.say(topic, 'a', 'first');
    expect(await world.admin('select sequence from outbox')).toEqual([{ sequence: '1' }]);
  });

  it.each([
    [900_000, true],
    [900_001, false],
  ])('takes a payload of %d bytes: %s', async (bytes, taken) => {
    const text = 'x'.repeat(bytes - 4); // Tag and length have four bytes.
    const saying = world.say(topic, 'a', text);
    if (taken) await expect(saying).resolves.toBeUndefined();
    else await expect(saying).rejects.toThrow(RangeError);
  });

  it('keeps tenants apart, each with sequences of its own', async () => {
    await world.say(topic, 'a', 'local');
    await transact(world.database, sandbox, (em) =>
      publish(em, origin, saying(topic, 'a', 'sand')),
    );
    const rowsOf = (of: Tenant) =>
      transact(world.database, of, (em) => sql(em, 'select tenant, sequence from outbox'));
    expect((await rowsOf(tenant)).rows).toEqual([{ tenant: 'local', sequence: '1' }]);
    expect((await rowsOf(sandbox)).rows).toEqual([{ tenant: 'sandbox', sequence: '1' }]);
    const { bus, records } = openBus();
    const relay = await world.relay(bus, { tenants: [tenant, sandbox] });
    await relay.drained();
    expect(records.map(({ headers }) => headers.ce_tenant).sort()).toEqual(['local', 'sandbox']);
  });
});

it('audits a change that is no event, and never sends it', async () => {
  const content = { purpose: 'STOCK', amountFen: '1000000' };
  await transact(world.database, tenant, (em) =>
    recordChange(em, origin, { key: keyOf('a'), subject: 'things/a', content }),
  );
  expect(
    await world.admin(
      'select topic, sequence, type, payload, subject, actor, content_sha256 from outbox',
    ),
  ).toEqual([
    {
      topic: null,
      sequence: null,
      type: null,
      payload: null,
      subject: 'things/a',
      actor: 'operator tester',
      content_sha256: sha256(canonicalJson(content)),
    },
  ]);
  expect(await countPending(world.database, tenant)).toBe(0);
});

it('raises the epoch above any that a consumer knows', async () => {
  expect(await raiseEpoch(world.database, tenant)).toBe(1n);
  expect(await raiseEpoch(world.database, tenant, 5n)).toBe(6n);
  expect(await raiseEpoch(world.database, tenant, 2n)).toBe(7n);
  await world.say(topic, 'a', 'one');
  expect(await world.admin('select epoch, sequence from outbox')).toEqual([
    { epoch: '7', sequence: '1' },
  ]);
});

describe('relay', () => {
  const hour = 3_600_000;

  it('is woken by a commit of its own process', async () => {
    const { bus, texts } = openBus();
    await world.relay(bus, { pollIdleMs: hour });
    await world.say(topic, 'a', 'one');
    await expect.poll(() => texts('a')).toEqual(['one']);
  });

  it('finds what another process committed by looking', async () => {
    const { bus, texts } = openBus();
    await world.relay(bus);
    const elsewhere = await openDatabase({
      url: world.access.appUrl,
      entities: [],
      applicationName: 'elsewhere',
    });
    onTestFinished(() => elsewhere.close());
    await transact(elsewhere, tenant, (em) => publish(em, origin, saying(topic, 'a', 'one')));
    await expect.poll(() => texts('a'), { timeout: 5_000 }).toEqual(['one']);
  });

  it('stops only the shard whose batch fails, and sends it in order once it can', async () => {
    // The last digit of the uid is the shard: a and b share one, d and e have others.
    expect(['a', 'b', 'd', 'e'].map((name) => keyOf(name).at(-1))).toEqual(['e', 'e', '1', '9']);
    let broken = true;
    const { bus, texts } = openBus(({ key }) => broken && key === keyOf('a'));
    const relay = await world.relay(bus);
    for (const text of ['1', '2', '3']) {
      for (const name of ['a', 'b', 'd', 'e']) await world.say(topic, name, text);
    }
    await expect.poll(() => texts('d')).toEqual(['1', '2', '3']);
    await expect.poll(() => texts('e')).toEqual(['1', '2', '3']);
    expect(texts('a')).toEqual([]);
    broken = false;
    await relay.drained();
    expect(texts('a')).toEqual(['1', '2', '3']);
    expect(texts('b')).toEqual(['1', '2', '3']);
  });

  it('sends more than a batch holds, in order', async () => {
    const { bus, texts } = openBus();
    const all = Array.from({ length: 1_201 }, (_, index) => `${index}`);
    await world.say(topic, 'a', ...all);
    const relay = await world.relay(bus);
    await relay.drained();
    expect(texts('a')).toEqual(all);
  });

  it('sends what is left when it is stopped', async () => {
    const { bus, texts } = openBus();
    const relay = await world.relay(bus, { pollIdleMs: hour });
    const saying = world.say(topic, 'a', 'last words');
    await saying;
    await relay.stop();
    expect(texts('a')).toEqual(['last words']);
    await expect(relay.drained()).rejects.toThrow('does not run');
  });
});
