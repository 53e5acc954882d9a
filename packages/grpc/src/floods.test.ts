/**
 * What Node's HTTP/2 bounds by itself, held fast here because nothing of ours does it: streams that are
 * reset, heads without end, settings and pings that want answers. Each flood ends with its connection.
 */
import { constants } from 'node:http2';
import { describe, expect, it } from 'vitest';
import { keptMeter, loopback, tokenFor } from './testing/loopback.ts';
import {
  callFields,
  flags,
  frame,
  head,
  headerBlock,
  rawConnection,
  types,
} from './testing/raw-frames.ts';
import { framed } from './testing/raw-http2.ts';

const say = '/lianbao.echo.v1.EchoService/Say';
const authorization = async () => `Bearer ${await tokenFor()}`;
const echo = { say: async ({ value }: { value: string }) => ({ value }) };

describe('one connection', () => {
  it('that opens and resets ten thousand streams stops no call of another', async () => {
    let handled = 0;
    const { client, server } = await loopback({
      say: async ({ value }) => {
        handled += 1;
        return { value };
      },
    });
    const fields = callFields(say, await authorization());
    const reset = Buffer.alloc(4);
    reset.writeUInt32BE(constants.NGHTTP2_CANCEL);
    const pairs = Array.from({ length: 10_000 }, (_, n) => {
      const stream = 2 * n + 1;
      return Buffer.concat([
        head(stream, fields),
        frame(types.DATA, { stream, flag: flags.END_STREAM, payload: framed() }),
        frame(types.RST_STREAM, { stream, payload: reset }),
      ]);
    });
    const flood = await rawConnection(server.address);
    flood.socket.write(Buffer.concat(pairs));
    expect((await client.say({ value: 'through' })).value).toBe('through');
    await flood.closed;
    expect((await client.say({ value: 'after' })).value).toBe('after');
    expect(handled).toBeLessThan(1_500); // A connection has a thousand resets, and some more a second.
  });

  it('that goes on with a head in more than eight frames is ended', async () => {
    const { client, server } = await loopback(echo);
    const flood = await rawConnection(server.address);
    const payload = headerBlock([['x-more', 'x'.repeat(100)]]);
    const first = headerBlock(callFields(say, await authorization()));
    flood.socket.write(frame(types.HEADERS, { stream: 1, payload: first }));
    const more = frame(types.CONTINUATION, { stream: 1, payload });
    flood.socket.write(Buffer.concat(Array(10_000).fill(more)));
    expect((await client.say({ value: 'through' })).value).toBe('through');
    await flood.closed;
  });

  it.each([
    ['settings', types.SETTINGS, 0],
    ['pings', types.PING, 8],
  ])('that wants ten thousand %s answered at once is ended', async (_what, type, bytes) => {
    const { client, server } = await loopback(echo);
    const flood = await rawConnection(server.address);
    const each = frame(type, { payload: Buffer.alloc(bytes) });
    flood.socket.write(Buffer.concat(Array(10_000).fill(each)));
    expect((await client.say({ value: 'through' })).value).toBe('through');
    await flood.closed;
  });

  it.each([
    ['of 128 fields', 120, 120],
    ['of as much as nine frames hold', 9, 16_000],
  ])('whose head is %s is told that this is too much', async (_what, count, length) => {
    const meter = keptMeter();
    const { server } = await loopback(echo, { meter });
    const connection = await rawConnection(server.address);
    const fields = [...callFields(say, await authorization()), ...filling(count, length)];
    connection.socket.write(head(1, fields));
    expect(await connection.answerOn(1)).toMatchObject({ type: types.HEADERS });
    expect(meter.observed('rpc_server_seconds', 'RESOURCE_EXHAUSTED')).toBe(1);
  });

  it('whose head has one field more than 128 loses that call, and goes on', async () => {
    const { server } = await loopback(echo);
    const connection = await rawConnection(server.address);
    const fields = callFields(say, await authorization());
    connection.socket.write(head(1, [...fields, ...filling(121, 1)]));
    const { type, payload } = await connection.answerOn(1);
    expect([type, payload.readUInt32BE()]).toEqual([
      types.RST_STREAM,
      constants.NGHTTP2_ENHANCE_YOUR_CALM,
    ]);
    connection.socket.write(head(3, fields));
    connection.socket.write(
      frame(types.DATA, { stream: 3, flag: flags.END_STREAM, payload: framed() }),
    );
    expect(await connection.answerOn(3)).toMatchObject({ type: types.HEADERS });
  });
});

const filling = (count: number, length: number) =>
  Array.from({ length: count }, (_, n) => [`x-${n}`, 'x'.repeat(length)] as const);
