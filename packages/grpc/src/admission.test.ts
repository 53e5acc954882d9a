import { once } from 'node:events';
import type { ClientHttp2Session, ClientHttp2Stream, IncomingHttpHeaders } from 'node:http2';
import { status } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { keptLog, keptMeter, loopback, rawCall, tokenFor } from './testing/loopback.ts';
import { framed, rawSession, rawStream } from './testing/raw-http2.ts';

const say = '/lianbao.echo.v1.EchoService/Say';
const check = '/grpc.health.v1.Health/Check';
const echo = { say: async ({ value }: { value: string }) => ({ value }) };
const bearer = async (partner = 'platforms/p') => ({
  authorization: `Bearer ${await tokenFor({ partner })}`,
});
const bad = { authorization: 'Bearer e30.e30.e30' };

/** The head of the answer, which is all of it where the call is refused. */
async function answerTo(stream: ClientHttp2Stream): Promise<IncomingHttpHeaders> {
  const [headers] = await once(stream, 'response');
  return headers;
}

const closed = async (session: ClientHttp2Session): Promise<void> => {
  if (!session.destroyed) await once(session, 'close');
};

describe('before its message', () => {
  it.each([
    ['without a token', {}, status.UNAUTHENTICATED],
    ['with a bad token', bad, status.UNAUTHENTICATED],
  ])('a call %s is refused', async (_how, headers, code) => {
    const { server } = await loopback(echo);
    const stream = rawStream(rawSession(server.address), say, headers);
    expect(await answerTo(stream)).toMatchObject({ 'grpc-status': String(code) });
  });

  it('a call without a deadline is refused', async () => {
    const { server } = await loopback(echo);
    const headers = { ...(await bearer()), 'grpc-timeout': undefined };
    const stream = rawStream(rawSession(server.address), say, headers);
    expect(await answerTo(stream)).toMatchObject({
      'grpc-status': String(status.INVALID_ARGUMENT),
    });
  });

  it('a refused call is counted and logged with its peer', async () => {
    const { log, entries } = keptLog();
    const meter = keptMeter();
    const { server } = await loopback(echo, { log, meter });
    await answerTo(rawStream(rawSession(server.address), say));
    expect(entries.map(({ fields }) => fields)).toContainEqual({
      method: 'lianbao.echo.v1.EchoService/Say',
      peer: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      reason: 'CREDENTIAL_INVALID',
      domain: 'lianbao',
      facts: { cause: 'MISSING' },
      unsaid: 0,
    });
    expect(meter.observed('rpc_server_seconds', 'UNAUTHENTICATED')).toBe(1);
  });
});

it.each([
  ['a rpc', say],
  ['an open one', check],
])('cuts who begins the message of %s and does not end it', async (_which, path) => {
  const meter = keptMeter();
  const { server } = await loopback(echo, { limits: { requestMs: 30 }, meter });
  const session = rawSession(server.address);
  const stream = rawStream(session, path, await bearer());
  stream.write(framed(Buffer.alloc(1_000)).subarray(0, 900));
  await closed(session);
  expect(meter.counted('rpc_server_connections_cut_total', 'REQUEST')).toBe(1);
});

it('keeps who ends the message in time, however long the answer takes', async () => {
  const held = Promise.withResolvers<void>();
  const { server } = await loopback(
    {
      say: async () => {
        await held.promise;
        return {};
      },
    },
    { limits: { requestMs: 200 } },
  );
  const session = rawSession(server.address);
  const begun = rawSession(server.address);
  const stream = rawStream(session, say, await bearer());
  stream.end(framed());
  rawStream(begun, say, await bearer()).write(framed().subarray(0, 1));
  await closed(begun); // Began later and was cut, so the other has had its time.
  held.resolve();
  expect(await answerTo(stream)).toMatchObject({ ':status': 200 });
  expect(session.destroyed).toBe(false);
});

describe('a peer whose tokens fail', () => {
  const limits = { failedTokensPerSecond: 0.01, failedTokensBurst: 3 };

  it('is told to wait, and nothing of its tokens is checked any more', async () => {
    const { log, entries } = keptLog();
    const meter = keptMeter();
    const { server } = await loopback(echo, { limits, log, meter });
    const codes: unknown[] = [];
    for (let n = 0; n < 3; n += 1) {
      codes.push((await rawCall(server.address, say, { headers: bad })) as { code: number });
    }
    expect(codes).toMatchObject(Array(3).fill({ code: status.UNAUTHENTICATED }));
    for (let n = 0; n < 2; n += 1) {
      expect(await rawCall(server.address, say, { headers: bad })).toMatchObject({
        code: status.RESOURCE_EXHAUSTED,
        info: { reason: 'QUOTA_EXCEEDED', metadata: { limit: '0.01 failed tokens' } },
        retryMs: expect.closeTo(100_000, -4),
      });
    }
    expect(meter.counted('rpc_server_shed_total', 'QUOTA_EXCEEDED')).toBe(2);
    // Of five refusals two kinds, each said once.
    const said = entries.filter(({ message }) => message === 'refused');
    expect(said.map(({ fields }) => fields.reason)).toEqual([
      'CREDENTIAL_INVALID',
      'QUOTA_EXCEEDED',
    ]);
  });

  it('goes on with a token that was verified lately, and has to wait with a new one', async () => {
    const { server } = await loopback(echo, { limits });
    const known = await bearer();
    expect(await rawCall(server.address, say, { headers: known })).toBeInstanceOf(Buffer);
    for (let n = 0; n < 3; n += 1) await rawCall(server.address, say, { headers: bad });
    expect(await rawCall(server.address, say, { headers: known })).toBeInstanceOf(Buffer);
    const fresh = await bearer('platforms/q');
    expect(await rawCall(server.address, say, { headers: fresh })).toMatchObject({
      code: status.RESOURCE_EXHAUSTED,
    });
  });

  it('cannot have more of them checked by sending all at once', async () => {
    const { server } = await loopback(echo, { limits });
    const session = rawSession(server.address);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        answerTo(rawStream(session, say, { authorization: `Bearer e30.e30.${n}` })),
      ),
    );
    const codes = answers.map((headers) => Number(headers['grpc-status']));
    expect(codes.filter((code) => code === status.UNAUTHENTICATED)).toHaveLength(3);
    expect(codes.filter((code) => code === status.RESOURCE_EXHAUSTED)).toHaveLength(17);
  });
});

it('does not count good tokens, however many come', async () => {
  const limits = { failedTokensPerSecond: 0.01, failedTokensBurst: 1 };
  const { server } = await loopback(echo, { limits });
  for (const partner of ['platforms/p', 'platforms/q', 'platforms/r']) {
    const headers = await bearer(partner);
    expect(await rawCall(server.address, say, { headers })).toBeInstanceOf(Buffer);
  }
});
