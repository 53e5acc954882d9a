/**
 * Every rpc that takes a request id, sent again: the same bytes, at the same time, with another body, and
 * after what it made has changed (api.md 1.3). Effect, event and stored answer are of one transaction.
 */
import { randomUUID } from 'node:crypto';
import { clone, type DescMethod, type Message, toBinary } from '@bufbuild/protobuf';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { rpcName } from '@lianbao/grpc';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Context } from '../support/all-in-one.ts';
import { tablesWrittenBy } from './database-state.ts';
import { heldBus } from './held-bus.ts';
import { rawCall } from './raw-call.ts';
import type { Sample } from './sample.ts';
import { contractMethods, samplerOf } from './samples.ts';
import { startWorld, type World } from './world.ts';

const bus = heldBus();
let world: World;
beforeAll(async () => {
  world = await startWorld({ bus });
});
afterAll(() => world?.system.stop());

const takesRequestId = ({ input }: DescMethod) =>
  input.fields.some(({ name }) => name === 'request_id');
const isRequired = (method: DescMethod) =>
  world.system.access[rpcName(method)]?.requestId === 'REQUIRED';

const methods = contractMethods.filter(takesRequestId);

it('requires a request id on no rpc that has no field for it', () => {
  const without = contractMethods.filter((method) => !takesRequestId(method));
  expect(without.filter(isRequired).map(rpcName)).toEqual([]);
});

describe.each(methods.map((method) => [rpcName(method), method] as const))('%s', (_, method) => {
  const newSample = async () => withRequestId(await samplerOf(method).make(world));
  const sender = async ({ claims, message }: Sample) => {
    const token = await world.system.token(claims);
    return (bytes: Uint8Array = toBinary(method.input, message)) =>
      rawCall(world.system.channel, { method, bytes, token });
  };

  it('answers the same act again with the bytes of the first answer, whatever came later', async () => {
    const sample = await newSample();
    const send = await sender(sample);
    const first = await whileHeld(async () => {
      const answer = await send();
      expect(answer).toMatchObject({ code: 'OK', replayed: false });
      expect(await send()).toMatchObject({ code: 'OK', replayed: true, bytes: answer.bytes });
      await expectOneTransaction(method, sample);
      return answer;
    });

    await sample.change?.();
    expect(await send()).toMatchObject({ code: 'OK', replayed: true, bytes: first.bytes });

    const other = await send(withUnknownField(method, sample.message));
    expect(other).toMatchObject({ code: 'INVALID_ARGUMENT', reason: 'REQUEST_ID_REUSED' });
    const otherEtag = changedEtag(method, sample.message);
    if (otherEtag !== undefined) {
      expect(await send(otherEtag)).toMatchObject({ reason: 'REQUEST_ID_REUSED' });
    }
  });

  it('has one effect when it is sent twice at the same time', async () => {
    const sample = await newSample();
    const send = await sender(sample);
    const answers = await Promise.all([send(), send(), send()]);
    const done = answers.filter(({ code }) => code === 'OK');
    expect(done.length).toBeGreaterThan(0);
    for (const answer of answers.filter(({ code }) => code !== 'OK')) {
      expect(answer).toMatchObject({ code: 'ABORTED', reason: 'REQUEST_IN_PROGRESS' });
    }
    expect(done.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(new Set(done.map(({ bytes }) => bytes?.toString('hex'))).size).toBe(1);
    expect(await send()).toMatchObject({ code: 'OK', replayed: true, bytes: done[0]?.bytes });
    expect(await storedAnswers(sample)).toHaveLength(1);
  });

  it('gives the answer to nobody else, whatever request id they name', async () => {
    const [caller] = world.system.access[rpcName(method)]?.callers ?? [];
    if (caller !== 'BANK' && caller !== 'PLATFORM') return; // Of operators all may see it.
    const sample = await newSample();
    const { claims } = sample;
    if (claims.caller === 'OPERATOR') return;
    const send = await sender(sample);
    expect(await send()).toMatchObject({ code: 'OK', replayed: false });
    const partner = claims.caller === 'BANK' ? 'lenders/x' : 'platforms/x';
    const stranger = await sender({ ...sample, claims: { ...claims, partner } });
    expect(await stranger()).toMatchObject({ code: 'PERMISSION_DENIED', replayed: false });
  });
});

/** Nobody hears of the act meanwhile: an answer to its event would write over its effect. */
async function whileHeld<T>(act: () => Promise<T>): Promise<T> {
  bus.hold();
  try {
    return await act();
  } finally {
    bus.release();
  }
}

const contextOf = (method: DescMethod): Context => method.parent.typeName.split('.')[1] as Context;
const clientOf = (method: DescMethod) => world.system.admin[contextOf(method)];

interface StoredAnswer {
  readonly transaction_id: string;
}

async function storedAnswers({ method, message }: Sample): Promise<readonly StoredAnswer[]> {
  const { rows } = await clientOf(method).query<StoredAnswer>(
    'select xmin::text as transaction_id from idempotency where request_id = $1 and method = $2',
    [requestIdOf(message), rpcName(method)],
  );
  return rows;
}

/** What an act leaves besides its effect. */
const plumbing = ['idempotency', 'outbox', 'outbox_head', 'outbox_pending', 'timer'];

async function expectOneTransaction(method: DescMethod, sample: Sample): Promise<void> {
  const [stored, ...more] = await storedAnswers(sample);
  expect(more).toEqual([]);
  if (stored === undefined) throw new Error('no answer is stored');
  if (!isRequired(method)) return;
  const written = await tablesWrittenBy(clientOf(method), stored.transaction_id);
  expect(written).toMatchObject({ idempotency: 1, outbox: expect.any(Number) });
  const effects = Object.keys(written).filter((table) => !plumbing.includes(table));
  expect(effects, `${rpcName(method)} writes its effect in the same transaction`).not.toEqual([]);
}

const requestIdOf = (message: Message): string =>
  (message as Message & { readonly requestId: string }).requestId;

function withRequestId(sample: Sample): Sample {
  if (requestIdOf(sample.message) !== '') return sample;
  const message = Object.assign(clone(sample.method.input, sample.message), {
    requestId: randomUUID(),
  });
  return { ...sample, message };
}

/** Of a later contract: kept in the fingerprint, since this server cannot know what it means. */
function withUnknownField({ input }: DescMethod, message: Message): Uint8Array {
  const writer = new BinaryWriter();
  writer.tag(900, WireType.Varint).uint32(1);
  return Buffer.concat([toBinary(input, message), writer.finish()]);
}

function changedEtag({ input }: DescMethod, message: Message): Uint8Array | undefined {
  if (!('etag' in message)) return undefined;
  return toBinary(input, Object.assign(clone(input, message), { etag: '999999' }));
}
