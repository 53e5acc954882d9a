import { once } from 'node:events';
import { type ClientHttp2Session, constants } from 'node:http2';
import { catalogueRefusals } from '@lianbao/kernel';
import { describe, expect, it } from 'vitest';
import { CallEnded } from './open-call.ts';
import { keptLog, keptMeter, loopback, tokenFor } from './testing/loopback.ts';
import { framed, rawSession, rawStream } from './testing/raw-http2.ts';

const refusals = catalogueRefusals('echo.lianbao', {
  ENOUGH: ['PRECONDITION', '够了', 'that is enough'],
});

async function* texts(...values: string[]) {
  for (const value of values) yield { value };
}

async function collect(values: AsyncIterable<{ value: string }>): Promise<string[]> {
  const all: string[] = [];
  for await (const { value } of values) all.push(value);
  return all;
}

const large = { value: 'x'.repeat(100_000) }; // More than HTTP/2 sends unread.

const never = () => new Promise<never>(() => {});

describe('a server stream', () => {
  it('comes whole and in order', async () => {
    const { client } = await loopback({
      async *count({ value }) {
        for (let n = 0; n < Number(value); n += 1) yield { value: String(n) };
      },
    });
    const all = await collect(client.count({ value: '1000' }));
    expect(all).toEqual(Array.from({ length: 1000 }, (_, n) => String(n)));
  });

  it('ends with the refusal of its handler, after what came before', async () => {
    const { client } = await loopback({
      async *count() {
        yield { value: 'one' };
        throw refusals.ENOUGH();
      },
    });
    const seen: string[] = [];
    const reading = (async () => {
      for await (const { value } of client.count({})) seen.push(value);
    })();
    await expect(reading).rejects.toMatchObject({ reason: 'ENOUGH', domain: 'echo.lianbao' });
    expect(seen).toEqual(['one']);
  });

  it('ends its handler when the reader stops', async () => {
    const ended = Promise.withResolvers<unknown>();
    const { client } = await loopback({
      async *count(_request, { signal }) {
        signal.addEventListener('abort', () => ended.resolve(signal.reason));
        yield { value: 'one' };
        await never();
      },
    });
    for await (const { value } of client.count({})) {
      expect(value).toBe('one');
      break;
    }
    expect(await ended.promise).toEqual(new CallEnded('GONE'));
  });

  it('ends its handler when the reader goes while a write waits for it', async () => {
    const ended = Promise.withResolvers<unknown>();
    const full = Promise.withResolvers<void>();
    let closed = false;
    const { server } = await loopback({
      async *count(_request, { signal }) {
        signal.addEventListener('abort', () => ended.resolve(signal.reason));
        try {
          for (let n = 0; ; n += 1) {
            if (n === 15) full.resolve(); // The sixteenth is the one after which the stream says "wait".
            yield large;
          }
        } finally {
          closed = true;
        }
      },
    });
    const { stream } = await unread(server.address, 'Count');
    await full.promise;
    await turns();
    stream.close(constants.NGHTTP2_CANCEL);
    expect(await ended.promise).toEqual(new CallEnded('GONE'));
    await turns();
    expect(closed).toBe(true);
  });

  it('cuts a reader that is too slow, and then its connection', async () => {
    const ended = Promise.withResolvers<unknown>();
    const { log, entries } = keptLog();
    const meter = keptMeter();
    const { server } = await loopback(
      {
        async *count(_request, { signal }) {
          signal.addEventListener('abort', () => ended.resolve(signal.reason));
          for (;;) yield large;
        },
      },
      { limits: { slowReaderMs: 20 }, log, meter },
    );
    const { session } = await unread(server.address, 'Count');
    expect(await ended.promise).toEqual(new CallEnded('SLOW_READER'));
    await closed(session);
    expect(entries.map(({ fields }) => fields.reason)).toContain('QUOTA_EXCEEDED');
    expect(meter.counted('rpc_server_connections_cut_total', 'SLOW_READER')).toBe(1);
  });

  it('cuts the connection of a reader who does not take the end of a stream either', async () => {
    const { server } = await loopback(
      {
        async *count() {
          yield large; // One fits into what may wait, so that the handler ends before its reader begins.
        },
      },
      { limits: { slowReaderMs: 20 } },
    );
    const { session } = await unread(server.address, 'Count');
    await closed(session);
  });

  it('keeps the connection of one who takes the end in time', async () => {
    const { client, server } = await loopback(
      {
        async *count() {
          yield large;
        },
        say: async ({ value }) => ({ value }),
      },
      { limits: { slowReaderMs: 60_000 } },
    );
    expect(await collect(client.count({}))).toEqual([large.value]);
    const { stream, session } = await unread(server.address, 'Count');
    stream.resume();
    await once(stream, 'close');
    expect(session.destroyed).toBe(false);
  });

  it('ends with OK at its greatest age, though its handler waits for something else', async () => {
    const { client } = await loopback(
      {
        async *count() {
          yield { value: 'one' };
          await never();
        },
      },
      { limits: { streamMs: 50 } },
    );
    expect(await collect(client.count({}))).toEqual(['one']);
  });

  it('is refused beyond the open streams of its caller, and taken again when one ends', async () => {
    const { client } = await loopback(
      {
        async *count() {
          yield { value: 'open' };
          await never();
        },
      },
      { limits: { streamsPerCaller: 1 } },
    );
    const first = client.count({})[Symbol.asyncIterator]();
    await first.next();
    await expect(collect(client.count({}))).rejects.toMatchObject({
      kind: 'EXHAUSTED',
      reason: 'QUOTA_EXCEEDED',
      facts: { limit: '1 open streams' },
      retryAfterMs: 1_000,
    });
    await first.return?.();
    await turns();
    const second = client.count({})[Symbol.asyncIterator]();
    expect((await second.next()).value.value).toBe('open');
    await second.return?.();
  });
});

it('cuts the connection of one who does not take the answer of a unary call', async () => {
  const { server } = await loopback({ say: async () => large }, { limits: { slowReaderMs: 20 } });
  const { session } = await unread(server.address, 'Say');
  await closed(session);
});

describe('a client stream', () => {
  it('is read to its end and answered once', async () => {
    const { client } = await loopback({
      join: async (requests) => ({ value: (await collect(requests)).join('+') }),
    });
    expect((await client.join(texts('a', 'b', 'c'))).value).toBe('a+b+c');
  });

  it('is refused at the message that is wrong, whose position it names', async () => {
    const { client } = await loopback({
      join: async (requests) => ({ value: (await collect(requests)).join('+') }),
    });
    await expect(client.join(texts('a', 'b\0', 'c'))).rejects.toMatchObject({
      reason: 'FIELD_INVALID',
      violations: [{ field: 'value' }],
    });
  });

  it('may be answered before it has ended', async () => {
    const { client } = await loopback({
      join: async (requests) => {
        for await (const { value } of requests) return { value };
        return {};
      },
    });
    async function* endless() {
      yield { value: 'first' };
      await never();
    }
    expect((await client.join(endless())).value).toBe('first');
  });

  it('fails its handler when the caller goes', async () => {
    const begun = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<unknown>();
    const { client } = await loopback({
      join: async (requests) => {
        try {
          for await (const _ of requests) begun.resolve();
        } catch (error) {
          ended.resolve(error);
        }
        return {};
      },
    });
    async function* endless() {
      yield { value: 'first' };
      await never();
    }
    const abort = new AbortController();
    const call = client.join(endless(), { signal: abort.signal });
    await begun.promise;
    abort.abort(new Error('enough'));
    await expect(call).rejects.toThrow('enough');
    expect(await ended.promise).toEqual(new CallEnded('GONE'));
  });

  it('fails with the error of its own source', async () => {
    const { client } = await loopback({
      join: async (requests) => ({ value: (await collect(requests)).join() }),
    });
    async function* broken() {
      yield { value: 'first' };
      throw new Error('file not found');
    }
    await expect(client.join(broken())).rejects.toThrow('file not found');
  });
});

/** A call that reads nothing of its answer: a client of grpc-js would take all of it into its own memory. */
async function unread(address: string, rpc: 'Count' | 'Say') {
  const authorization = `Bearer ${await tokenFor()}`;
  const session = rawSession(address);
  const stream = rawStream(session, `/lianbao.echo.v1.EchoService/${rpc}`, { authorization });
  stream.end(framed());
  return { session, stream };
}

const closed = async (session: ClientHttp2Session): Promise<void> => {
  if (!session.destroyed) await once(session, 'close');
};

/** Lets what has been received be handled: some turns of the event loop, no time. */
async function turns(): Promise<void> {
  for (let n = 0; n < 20; n += 1) await new Promise((resolve) => setImmediate(resolve));
}
