import { createServer } from 'node:net';
import { SellerService } from '@lianbao/api/lianbao/party/v1/party_service_pb';
import {
  catalogueRefusals,
  commonRefusals,
  currentTraceId,
  Refusal,
  withTrace,
} from '@lianbao/kernel';
import { describe, expect, it, onTestFinished } from 'vitest';
import { channelTo } from './channel.ts';
import { clientOf } from './client.ts';
import { RpcFailure } from './refusal-of-status.ts';
import { EchoService } from './testing/echo-service.ts';
import { loopback, tokenFor } from './testing/loopback.ts';

const refusals = catalogueRefusals('echo.lianbao', {
  TOO_LOUD: ['PRECONDITION', '声音太大', 'that was too loud'],
});

it('throws the refusal that the server threw', async () => {
  const violations = [{ field: 'value', description: 'too loud', reason: 'volume' }];
  const thrown = refusals.TOO_LOUD({ decibels: '120' }, { violations, retryAfterMs: 2_500 });
  const { client } = await loopback({
    say: async () => {
      throw thrown;
    },
  });
  const caught = await client.say({}).catch((error) => error);
  expect(caught).toBeInstanceOf(Refusal);
  for (const key of [
    'kind',
    'reason',
    'domain',
    'facts',
    'texts',
    'violations',
    'retryAfterMs',
    'message',
  ] as const) {
    expect(caught[key]).toEqual(thrown[key]);
  }
});

it('throws a failure, not a refusal, for a defect of the server', async () => {
  const { client } = await loopback({
    say: async () => {
      throw new Error('secret');
    },
  });
  const caught = await client.say({}).catch((error) => error);
  expect(caught).toBeInstanceOf(RpcFailure);
  expect(caught.message).toMatch(
    /^lianbao.echo.v1.EchoService\/Say: INTERNAL: internal error, incident/,
  );
});

it('throws a failure for a service that the server does not know', async () => {
  const { channel } = await loopback({});
  const client = clientOf(channel, SellerService, { token: () => tokenFor() });
  await expect(client.getSeller({ name: 'x' })).rejects.toBeInstanceOf(RpcFailure);
});

it('passes its trace on', async () => {
  const { client } = await loopback({ say: async () => ({ value: currentTraceId() ?? '' }) });
  await withTrace(undefined, async () => {
    expect((await client.say({})).value).toBe(currentTraceId());
  });
});

describe('a call is repeated with the same request', () => {
  it.each([
    ['the server is overloaded', commonRefusals.OVERLOADED()],
    [
      'the first call with its id still runs',
      commonRefusals.REQUEST_IN_PROGRESS({}, { retryAfterMs: 20 }),
    ],
    ['something that the server needs is away', commonRefusals.DEPENDENCY_UNAVAILABLE()],
  ])('while %s', async (_why, refusal) => {
    const seen: string[] = [];
    const { client } = await loopback({
      say: async ({ value }) => {
        seen.push(value);
        if (seen.length < 3) throw refusal;
        return { value };
      },
    });
    expect((await client.say({ value: 'the same id' })).value).toBe('the same id');
    expect(seen).toEqual(['the same id', 'the same id', 'the same id']);
  });

  it('when the first was never answered', async () => {
    const seen: string[] = [];
    const { client } = await loopback({
      say: ({ value }) => {
        seen.push(value);
        return seen.length === 1 ? new Promise<never>(() => {}) : Promise.resolve({ value });
      },
    });
    expect((await client.say({ value: 'id' }, { deadlineMs: 400 })).value).toBe('id');
    expect(seen).toEqual(['id', 'id']);
  });

  it('until a server listens', async () => {
    const port = await freePort();
    const channel = channelTo(`127.0.0.1:${port}`);
    onTestFinished(() => channel.close());
    const early = clientOf(channel, EchoService, { token: () => tokenFor() }).say({
      value: 'early',
    });
    await loopback({ say: async ({ value }) => ({ value }) }, { port });
    expect((await early).value).toBe('early');
  });
});

describe('a call is not repeated', () => {
  const calls = async (refusal: Error, retry?: boolean) => {
    let count = 0;
    const { client } = await loopback(
      {
        say: async () => {
          count += 1;
          throw refusal;
        },
      },
      { client: { token: () => tokenFor(), ...(retry === undefined ? {} : { retry }) } },
    );
    await client.say({}).catch(() => undefined);
    return count;
  };

  it.each([
    ['a refusal', refusals.TOO_LOUD()],
    ['a lost race', commonRefusals.ETAG_MISMATCH()],
    ['a quota', commonRefusals.QUOTA_EXCEEDED({}, { retryAfterMs: 1 })],
    ['a defect', new Error('defect')],
  ])('after %s', async (_what, refusal) => {
    expect(await calls(refusal)).toBe(1);
  });

  it('when told not to', async () => {
    expect(await calls(commonRefusals.OVERLOADED(), false)).toBe(1);
  });

  it('when the wait asked for is longer than the time left', async () => {
    expect(await calls(commonRefusals.OVERLOADED({}, { retryAfterMs: 60_000 }))).toBe(1);
  });
});

it('ends a retry when its caller gives up', async () => {
  const abort = new AbortController();
  const { client } = await loopback({
    say: async () => {
      abort.abort(new Error('enough'));
      throw commonRefusals.OVERLOADED({}, { retryAfterMs: 5_000 });
    },
  });
  await expect(client.say({}, { signal: abort.signal })).rejects.toThrow('enough');
});

it('says DEPENDENCY_UNAVAILABLE when nobody listens', async () => {
  const channel = channelTo(`127.0.0.1:${await freePort()}`);
  onTestFinished(() => channel.close());
  const client = clientOf(channel, EchoService, { token: () => tokenFor() });
  await expect(client.say({}, { deadlineMs: 200 })).rejects.toMatchObject({
    kind: 'UNAVAILABLE',
    reason: 'DEPENDENCY_UNAVAILABLE',
    facts: { method: 'lianbao.echo.v1.EchoService/Say' },
  });
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
