import { once } from 'node:events';
import {
  connect,
  type Socket,
  type SocketConstructorOpts,
  type TcpSocketConnectOpts,
} from 'node:net';
import { platform } from 'node:process';
import { status } from '@grpc/grpc-js';
import { type Labels, silentMeter } from '@lianbao/kernel';
import { describe, expect, it, onTestFinished } from 'vitest';
import { channelTo } from './channel.ts';
import { clientOf } from './client.ts';
import { EchoService } from './testing/echo-service.ts';
import { keptLog, keptMeter, loopback, rawCall, tokenFor } from './testing/loopback.ts';

const cuts = 'rpc_server_connections_cut_total';
const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
const echo = { say: async ({ value }: { value: string }) => ({ value }) };

type Dialling = Partial<TcpSocketConnectOpts & SocketConstructorOpts>;

/** A connection that says nothing, unless told to; ended with the test. */
async function dial(address: string, options: Dialling = {}): Promise<Socket> {
  const port = Number(address.split(':')[1]);
  const socket = connect({ host: '127.0.0.1', port, ...options });
  socket.on('error', () => {});
  onTestFinished(() => void socket.destroy());
  socket.resume();
  await once(socket, 'connect');
  return socket;
}

const closed = (socket: Socket) => once(socket, 'close');

/** A connection of its own with one call answered, so that the server has surely counted it. */
async function callOn(address: string): Promise<{ close(): void; say(): Promise<string> }> {
  const channel = channelTo(address);
  onTestFinished(() => channel.close());
  const client = clientOf(channel, EchoService, { token: () => tokenFor(), retry: false });
  const say = async () => (await client.say({ value: 'here' })).value;
  await say();
  return { close: () => channel.close(), say };
}

describe('connections beyond the limit', () => {
  it('are closed at once, and those that are open work on', async () => {
    const meter = keptMeter();
    const { log, entries } = keptLog();
    const { server } = await loopback(echo, { limits: { connections: 2 }, meter, log });
    const first = await callOn(server.address);
    await dial(server.address);
    for (let n = 0; n < 3; n += 1) await closed(await dial(server.address));
    expect(await first.say()).toBe('here');
    expect(meter.counted(cuts, 'FULL')).toBe(3);
    const lines = entries.filter(({ message }) => message === 'a connection was cut');
    expect(lines).toMatchObject([{ fields: { reason: 'FULL', unsaid: 0 } }]);
  });

  it('are taken again when one has ended', async () => {
    const { server } = await loopback(echo, { limits: { connections: 1 } });
    const first = await dial(server.address);
    await closed(await dial(server.address));
    first.destroy();
    const channel = channelTo(server.address); // Tries until the server has seen the end of the first.
    onTestFinished(() => channel.close());
    const client = clientOf(channel, EchoService, { token: () => tokenFor() });
    expect((await client.say({ value: 'in' })).value).toBe('in');
  });

  it('of one peer are closed, and the same peer works on', async () => {
    const meter = keptMeter();
    const { server } = await loopback(echo, { limits: { connectionsPerPeer: 1 }, meter });
    const first = await callOn(server.address);
    await closed(await dial(server.address));
    expect(await first.say()).toBe('here');
    expect(meter.counted(cuts, 'PEER_FULL')).toBe(1);
  });

  it.runIf(platform === 'linux')('of one peer leave room for another', async () => {
    const meter = keptMeter();
    const { server } = await loopback(echo, { limits: { connectionsPerPeer: 1 }, meter });
    const other = await dial(server.address, { localAddress: '127.0.0.2' });
    await callOn(server.address);
    await closed(await dial(server.address, { localAddress: '127.0.0.2' }));
    expect(other.destroyed).toBe(false);
    expect(meter.counted(cuts, 'PEER_FULL')).toBe(1);
  });
});

describe('a connection', () => {
  it.each([
    ['nothing', ''],
    ['half a preface', preface.slice(0, 12)],
    ['a preface and no settings', preface],
    ['a preface and half the head of its settings', `${preface}\0\0\0\x04`],
  ])('that has said %s in time is cut', async (_what, words) => {
    const meter = keptMeter();
    const { server } = await loopback(echo, { limits: { handshakeMs: 50 }, meter });
    const socket = await dial(server.address);
    socket.write(words, 'latin1');
    await closed(socket);
    expect(meter.counted(cuts, 'HANDSHAKE')).toBe(1);
  });

  it('that speaks HTTP/1 is ended by HTTP/2 itself', async () => {
    const { server } = await loopback(echo);
    const socket = await dial(server.address);
    socket.write('GET / HTTP/1.1\r\nhost: lianbao\r\n\r\n');
    await closed(socket);
  });

  it('that speaks in time stays beyond the time to begin', async () => {
    const { server } = await loopback(echo, { limits: { handshakeMs: 300 } });
    const silent = closed(await dial(server.address));
    const speaking = await callOn(server.address);
    await closed(await dial(server.address)); // Begun later than the other, and over before.
    await silent;
    expect(await speaking.say()).toBe('here');
  });

  it('does not outlast its age and grace, though its client does not answer the goodbye', async () => {
    const cut = Promise.withResolvers<unknown>();
    const meter = {
      ...silentMeter,
      count: (_name: string, labels?: Labels) => cut.resolve(labels),
    };
    const { server } = await loopback(echo, {
      limits: { connectionAgeMs: 10, connectionGraceMs: 10, handshakeMs: 40 },
      meter,
    });
    const socket = await dial(server.address, { allowHalfOpen: true });
    socket.write(`${preface}\0\0\0\x04\0\0\0\0\0`, 'latin1');
    expect(await cut.promise).toEqual({ reason: 'LIFETIME' });
  });

  it('that has not begun does not hold up a drain', async () => {
    const { server } = await loopback(echo, { limits: { drainCallsMs: 60_000 } });
    const socket = await dial(server.address);
    await callOn(server.address); // Accepted after the other.
    await Promise.all([server.drain(), closed(socket)]);
  });
});

it('answers a refused connection as unavailable', async () => {
  const { server } = await loopback(echo, { limits: { connections: 1 } });
  await dial(server.address);
  const headers = { authorization: `Bearer ${await tokenFor()}` };
  const path = '/lianbao.echo.v1.EchoService/Say';
  const answer = await rawCall(server.address, path, { headers, deadlineMs: 2_000 });
  expect(answer).toMatchObject({ code: status.UNAVAILABLE });
});
