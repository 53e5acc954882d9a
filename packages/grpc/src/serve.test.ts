import { create, toBinary } from '@bufbuild/protobuf';
import { StringValueSchema } from '@bufbuild/protobuf/wkt';
import { status } from '@grpc/grpc-js';
import { Answer, catalogueRefusals, currentTraceId } from '@lianbao/kernel';
import { describe, expect, it } from 'vitest';
import { CallEnded } from './open-call.ts';
import { keptLog, loopback, rawCall, tokenFor } from './testing/loopback.ts';

const refusals = catalogueRefusals('echo.lianbao', {
  TOO_LOUD: ['PRECONDITION', '声音太大', 'that was too loud'],
  COME_BACK: ['EXHAUSTED', '请稍后再来', 'come back later'],
});

const say = '/lianbao.echo.v1.EchoService/Say';
const bytesOf = (value: string) =>
  toBinary(StringValueSchema, create(StringValueSchema, { value }));
const bearer = async () => ({ authorization: `Bearer ${await tokenFor()}` });
const echo = { say: async ({ value }: { value: string }) => ({ value }) };

describe('a unary call', () => {
  it('gets the answer, and the handler learns who calls', async () => {
    let seen: unknown;
    const { client } = await loopback({
      say: async ({ value }, { caller, method, deadline, requestBytes }) => {
        seen = { caller, method, requestBytes, soon: deadline.getTime() - Date.now() <= 10_000 };
        return { value: `${value}!` };
      },
    });
    expect((await client.say({ value: '你好' })).value).toBe('你好!');
    expect(seen).toEqual({
      caller: {
        tenant: 'local',
        kind: 'PLATFORM',
        partner: 'platforms/p',
        person: 'platforms/p',
        level: undefined,
      },
      method: 'lianbao.echo.v1.EchoService/Say',
      requestBytes: 8,
      soon: true,
    });
  });

  it('carries the trace of its caller', async () => {
    const { server } = await loopback({ say: async () => ({ value: currentTraceId() ?? '' }) });
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const headers = { ...(await bearer()), traceparent };
    const answer = await rawCall(server.address, say, { headers, bytes: bytesOf('') });
    expect(String(answer)).toContain('0af7651916cd43dd8448eb211c80319c');
  });

  it('answers with stored bytes and says that they are', async () => {
    const { client } = await loopback({ say: async () => new Answer(bytesOf('as then'), true) });
    let trailers = new Map<string, string>() as ReadonlyMap<string, string>;
    const answer = await client.say({}, { onTrailers: (given) => (trailers = given) });
    expect(answer.value).toBe('as then');
    expect(trailers.get('lianbao-replayed')).toBe('true');
  });

  it('says nothing of replay when the answer is new', async () => {
    const { client } = await loopback({ say: async () => new Answer(bytesOf('now'), false) });
    let trailers = new Map<string, string>() as ReadonlyMap<string, string>;
    await client.say({}, { onTrailers: (given) => (trailers = given) });
    expect(trailers.has('lianbao-replayed')).toBe(false);
  });
});

describe('an error', () => {
  it('carries reason, domain, facts and both texts', async () => {
    const { server } = await loopback({
      say: async () => {
        throw refusals.TOO_LOUD({ decibels: '120', limit: '90' });
      },
    });
    expect(await rawCall(server.address, say, { headers: await bearer() })).toEqual({
      code: status.FAILED_PRECONDITION,
      details: 'that was too loud (decibels: 120, limit: 90)',
      info: {
        reason: 'TOO_LOUD',
        domain: 'echo.lianbao',
        metadata: { decibels: '120', limit: '90' },
      },
      violations: [],
      texts: { 'zh-CN': '声音太大', en: 'that was too loud' },
      retryMs: undefined,
    });
  });

  it('carries the time to wait', async () => {
    const { server } = await loopback({
      say: async () => {
        throw refusals.COME_BACK({}, { retryAfterMs: 1_500 });
      },
    });
    expect(await rawCall(server.address, say, { headers: await bearer() })).toMatchObject({
      code: status.RESOURCE_EXHAUSTED,
      retryMs: 1_500,
    });
  });

  it('tells nothing of a defect but the incident under which it is logged whole', async () => {
    const { log, entries } = keptLog();
    const defect = new Error('password=secret');
    const { server } = await loopback(
      {
        say: async () => {
          throw defect;
        },
      },
      { log },
    );
    const error = await rawCall(server.address, say, { headers: await bearer() });
    const logged = entries.find(({ level }) => level === 'error');
    expect(logged?.fields).toMatchObject({
      err: defect,
      method: 'lianbao.echo.v1.EchoService/Say',
    });
    const incident = String(logged?.fields.incident);
    expect(error).toMatchObject({
      code: status.INTERNAL,
      details: `internal error, incident ${incident}`,
      info: { reason: 'INTERNAL', domain: 'lianbao', metadata: { incident } },
    });
    expect(JSON.stringify(error)).not.toContain('secret');
  });
});

it('aborts the signal of a handler whose time is up', async () => {
  const ended = Promise.withResolvers<unknown>();
  const { client } = await loopback(
    {
      say: (_request, { signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            ended.resolve(signal.reason);
            reject(signal.reason);
          });
        }),
    },
    { client: { token: () => tokenFor(), retry: false } },
  );
  await expect(client.say({}, { deadlineMs: 50 })).rejects.toMatchObject({
    reason: 'DEPENDENCY_UNAVAILABLE',
    facts: { cause: 'DEADLINE_EXCEEDED' },
  });
  expect(await ended.promise).toEqual(new CallEnded('DEADLINE'));
});

it('aborts the signal of a handler whose caller went away', async () => {
  const begun = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<unknown>();
  const { client } = await loopback({
    say: (_request, { signal }) =>
      new Promise(() => {
        signal.addEventListener('abort', () => ended.resolve(signal.reason));
        begun.resolve();
      }),
  });
  const abort = new AbortController();
  const call = client.say({}, { signal: abort.signal });
  await begun.promise;
  abort.abort(new Error('enough'));
  await expect(call).rejects.toThrow('enough');
  expect(await ended.promise).toEqual(new CallEnded('GONE'));
});

it('does not abort the signal of a call that was answered', async () => {
  const signals: AbortSignal[] = [];
  const { client } = await loopback({
    say: async (_request, { signal }) => {
      signals.push(signal);
      return {};
    },
  });
  await client.say({});
  await client.say({});
  expect(signals.map(({ aborted }) => aborted)).toEqual([false, false]);
});

it('sheds the call past those that run at a time, and takes the next when one is done', async () => {
  const held = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const { client, server } = await loopback(
    {
      say: async ({ value }) => {
        begun.resolve();
        if (value === 'wait') await held.promise;
        return { value };
      },
    },
    { limits: { callsInFlight: 1 } },
  );
  const first = client.say({ value: 'wait' });
  await begun.promise;
  const shed = await rawCall(server.address, say, { headers: await bearer() });
  expect(shed).toMatchObject({
    code: status.UNAVAILABLE,
    info: { reason: 'OVERLOADED', metadata: { limit: '1 calls at a time' } },
    retryMs: 500,
  });
  held.resolve();
  await first;
  expect((await client.say({ value: 'next' })).value).toBe('next');
});

it('refuses the call past the burst of one caller, and no call of another', async () => {
  const { client, server } = await loopback(echo, {
    limits: { callsPerSecond: 0.001, callsBurst: 2 },
  });
  await client.say({});
  await client.say({});
  expect(await rawCall(server.address, say, { headers: await bearer() })).toMatchObject({
    code: status.RESOURCE_EXHAUSTED,
    info: { reason: 'QUOTA_EXCEEDED', metadata: { limit: '0.001 calls', window: '1 s' } },
  });
  const authorization = `Bearer ${await tokenFor({ partner: 'platforms/q' })}`;
  const other = await rawCall(server.address, say, { headers: { authorization } });
  expect(other).toBeInstanceOf(Buffer);
});

it('counts a call that is refused for what it says, so that nobody is busy with one caller', async () => {
  const { client } = await loopback(
    { say: async ({ value }) => ({ value }) },
    { limits: { callsBurst: 2, callsPerSecond: 1 } },
  );
  const reasons: unknown[] = [];
  for (let call = 0; call < 3; call += 1) {
    reasons.push(await client.say({ value: '\0' }).then(undefined, ({ reason }) => reason));
  }
  expect(reasons).toEqual(['FIELD_INVALID', 'FIELD_INVALID', 'QUOTA_EXCEEDED']);
});

it('answers a rpc that is not served with UNIMPLEMENTED', async () => {
  const { server } = await loopback(echo);
  const path = '/lianbao.echo.v1.EchoService/Sing';
  expect(await rawCall(server.address, path, { headers: await bearer() })).toMatchObject({
    code: status.UNIMPLEMENTED,
  });
});
