import { connect as connectPlain, type Socket } from 'node:net';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type ClientTls, channelTo } from './channel.ts';
import { clientOf } from './client.ts';
import { type Authority, type Certified, newAuthority } from './testing/certificates.ts';
import { EchoService } from './testing/echo-service.ts';
import { keptMeter, loopback, tokenFor } from './testing/loopback.ts';

const authority = newAuthority('authority');
const stranger = newAuthority('stranger');
const server = authority.certify('server');
const tls = { certificateChain: server.certificate, privateKey: server.privateKey };
const mutual = { ...tls, clientCertificateAuthorities: authority.certificate };
const echo = { say: async ({ value }: { value: string }) => ({ value }) };
const cuts = 'rpc_server_connections_cut_total';

const trusting = ({ certificate }: Authority, own?: Certified): ClientTls => ({
  certificateAuthorities: certificate,
  own: own && { certificateChain: own.certificate, privateKey: own.privateKey },
});

/** TLS names no server by its number. */
const named = (address: string): string => address.replace('127.0.0.1', 'localhost');

async function sayOver(address: string, client?: ClientTls): Promise<string> {
  const channel = channelTo(named(address), client);
  onTestFinished(() => channel.close());
  const { say } = clientOf(channel, EchoService, { token: () => tokenFor(), retry: false });
  return (await say({ value: 'over TLS' })).value;
}

const unavailable = { reason: 'DEPENDENCY_UNAVAILABLE', facts: { cause: 'UNAVAILABLE' } };

/** A handshake that shakes hands as told, and trusts whoever answers. */
function shake(address: string, options: ConnectionOptions): TLSSocket {
  const port = Number(address.split(':')[1]);
  const own = { host: '127.0.0.1', port, rejectUnauthorized: false };
  const socket = connect({ ...own, ALPNProtocols: ['h2'], ...options });
  socket.on('error', () => {});
  onTestFinished(() => void socket.destroy());
  socket.resume();
  return socket;
}

const closed = (socket: Socket): Promise<void> =>
  new Promise((resolve) => socket.once('close', () => resolve()));

describe('a server with a certificate', () => {
  it('answers who trusts its authority', async () => {
    const running = await loopback(echo, { tls });
    expect(await sayOver(running.server.address, trusting(authority))).toBe('over TLS');
  });

  it('is not believed by who trusts another', async () => {
    const running = await loopback(echo, { tls });
    const call = sayOver(running.server.address, trusting(stranger));
    await expect(call).rejects.toMatchObject(unavailable);
  });

  it('has nothing to say to plaintext', async () => {
    const meter = keptMeter();
    const running = await loopback(echo, { tls, meter });
    await expect(sayOver(running.server.address)).rejects.toMatchObject(unavailable);
    expect(meter.counted(cuts, 'TLS')).toBeGreaterThan(0);
  });

  it.each([
    ['an older TLS', { maxVersion: 'TLSv1.2' }],
    ['no HTTP/2', { ALPNProtocols: ['http/1.1'] }],
    ['no protocol', { ALPNProtocols: [] }],
  ] as const)('turns away who offers %s', async (_what, options) => {
    const meter = keptMeter();
    const running = await loopback(echo, { tls, meter });
    const socket = shake(running.server.address, options as ConnectionOptions);
    await closed(socket);
    expect(meter.counted(cuts, 'TLS')).toBe(1);
  });

  it.each([
    ['does not begin its handshake', 'plain'],
    ['says nothing after its handshake', 'secured'],
  ])('cuts who %s in time', async (_what, kind) => {
    const meter = keptMeter();
    const { server: running } = await loopback(echo, { tls, meter, limits: { handshakeMs: 100 } });
    const port = Number(running.address.split(':')[1]);
    const socket = kind === 'plain' ? connectPlain(port, '127.0.0.1') : shake(running.address, {});
    socket.resume();
    await closed(socket);
    expect(meter.counted(cuts, 'HANDSHAKE')).toBe(1);
  });

  it('counts a connection until it has ended', async () => {
    const running = await loopback(echo, { tls, limits: { connections: 1 } });
    const first = shake(running.server.address, {});
    await new Promise<void>((resolve) => first.once('secureConnect', resolve));
    await closed(shake(running.server.address, {}));
    first.destroy();
    const channel = channelTo(named(running.server.address), trusting(authority));
    onTestFinished(() => channel.close());
    const { say } = clientOf(channel, EchoService, { token: () => tokenFor() });
    expect((await say({ value: 'in' })).value).toBe('in');
  });
});

describe('a server that asks for certificates', () => {
  it('answers who shows one of its authority', async () => {
    const running = await loopback(echo, { tls: mutual });
    const client = trusting(authority, authority.certify('client'));
    expect(await sayOver(running.server.address, client)).toBe('over TLS');
  });

  it.each([
    ['none', undefined],
    ['one of another authority', stranger.certify('client')],
    ['one that it made itself', stranger],
  ])('turns away who shows %s', async (_what, own) => {
    const meter = keptMeter();
    const running = await loopback(echo, { tls: mutual, meter });
    const call = sayOver(running.server.address, trusting(authority, own));
    await expect(call).rejects.toMatchObject(unavailable);
    expect(meter.counted(cuts, 'TLS')).toBeGreaterThan(0);
  });
});

it('does not start with a key that is not that of its certificate', async () => {
  const wrong = { ...tls, privateKey: stranger.privateKey };
  await expect(loopback(echo, { tls: wrong })).rejects.toThrow(/key values mismatch/i);
});
