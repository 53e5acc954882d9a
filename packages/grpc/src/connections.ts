/**
 * The door before grpc-js, which bounds nothing there: how many connections are open, how long a new
 * one may take to show that it speaks HTTP/2, and how long any may last. Who passes is handed on.
 */
import { createServer, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Log, Meter } from '@lianbao/kernel';
import type { ServerLimits } from './limits.ts';
import type { Occasional } from './occasional.ts';
import { peerOf } from './peer.ts';
import { type ServerTls, tlsOver } from './server-tls.ts';

/**
 * FULL, PEER_FULL: too many are open. TLS, HANDSHAKE: did not become HTTP/2, or not in time. REQUEST:
 * began a message and did not end it in time. SLOW_READER: does not take its answers. LIFETIME:
 * outlived age and grace. DRAIN: the server could not wait longer.
 */
export type Cut =
  | 'FULL'
  | 'PEER_FULL'
  | 'TLS'
  | 'HANDSHAKE'
  | 'REQUEST'
  | 'SLOW_READER'
  | 'LIFETIME'
  | 'DRAIN';

export interface DoorOptions {
  /** `host:port`; port 0 takes a free one. */
  readonly address: string;
  /** Undefined is plaintext. */
  readonly tls: ServerTls | undefined;
  readonly limits: ServerLimits;
  readonly log: Log;
  readonly say: Occasional;
  readonly meter: Meter;
  /** Given every connection on which HTTP/2 may begin. */
  readonly enter: (connection: Duplex) => void;
}

export interface Connections {
  readonly port: number;
  /** Ends one, named by its peer's `address:port` as grpc-js does; nothing when it is gone. */
  cut(peer: string, why: Cut): void;
  cutAll(why: Cut): void;
  /** Takes no more from now on; resolves when the last one is gone. */
  close(): Promise<void>;
}

interface Connection {
  readonly socket: Socket;
  /** Where HTTP/2 is spoken: the socket, or TLS over it once that stands. */
  spoken: { readonly bytesRead: number } | undefined;
}

const prefaceBytes = 24;
const frameHeadBytes = 9; // Of the SETTINGS that must come first.

export function openDoor(options: DoorOptions): Promise<Connections> {
  const { address, tls, limits, log, say, meter, enter } = options;
  const open = new Map<string, Connection>();
  const ofPeer = new Map<string, number>();

  function tell(why: Cut, peer: string, cause?: string): void {
    meter.count('rpc_server_connections_cut_total', { reason: why });
    say(why, (unsaid) => log.warn({ reason: why, cause, peer, unsaid }, 'a connection was cut'));
  }

  function cut(peer: string, why: Cut): void {
    const connection = open.get(peer);
    if (connection === undefined || connection.socket.destroyed) return;
    tell(why, peer);
    connection.socket.destroy();
  }

  function start(name: string, spoken: Socket): void {
    const connection = open.get(name);
    if (connection === undefined) return;
    connection.spoken = spoken;
    enter(spoken);
  }

  const secure =
    tls &&
    tlsOver(tls, {
      ready: (secured) => start(nameOf(secured), secured),
      failed: (socket, cause) => {
        tell('TLS', nameOf(socket), cause);
        socket.destroy();
      },
    });

  function admit(socket: Socket): void {
    socket.on('error', () => undefined); // Told by 'close'.
    const name = nameOf(socket);
    const peer = peerOf(socket.remoteAddress ?? 'unknown');
    const count = ofPeer.get(peer) ?? 0;
    if (count >= limits.connectionsPerPeer) {
      tell('PEER_FULL', name);
      socket.destroy();
      return;
    }
    const connection: Connection = { socket, spoken: undefined };
    open.set(name, connection);
    ofPeer.set(peer, count + 1);
    const timers = [
      setTimeout(() => {
        if (!hasBegun(connection)) cut(name, 'HANDSHAKE');
      }, limits.handshakeMs),
      setTimeout(() => cut(name, 'LIFETIME'), lifetimeMs(limits)),
    ];
    for (const timer of timers) timer.unref();
    meter.gauge('rpc_server_connections', open.size);
    socket.on('close', () => {
      for (const timer of timers) clearTimeout(timer);
      open.delete(name);
      const left = (ofPeer.get(peer) ?? 1) - 1;
      if (left === 0) ofPeer.delete(peer);
      else ofPeer.set(peer, left);
      meter.gauge('rpc_server_connections', open.size);
    });
    if (secure === undefined) start(name, socket);
    else secure(socket);
  }

  const listener = createServer({ noDelay: true }, admit);
  listener.maxConnections = limits.connections;
  listener.on('drop', (data) => tell('FULL', `${data?.remoteAddress}:${data?.remotePort}`));

  const { host, port } = splitAddress(address);
  return new Promise((resolve, reject) => {
    listener.once('error', reject);
    listener.listen({ host, port }, () => {
      listener.off('error', reject);
      // Such as no file descriptor left for the next connection.
      listener.on('error', (err) => say('ERROR', () => log.error({ err }, 'cannot accept')));
      resolve({
        port: (listener.address() as { readonly port: number }).port,
        cut,
        cutAll: (why) => {
          for (const name of [...open.keys()]) cut(name, why);
        },
        close: () => {
          for (const [name, connection] of open) if (!hasBegun(connection)) cut(name, 'DRAIN');
          return new Promise((closed) => listener.close(() => closed()));
        },
      });
    });
  });
}

/** Whether HTTP/2 has taken the first words for its own; else it has ended the connection itself. */
const hasBegun = ({ spoken }: Connection): boolean =>
  (spoken?.bytesRead ?? 0) >= prefaceBytes + frameHeadBytes;

const nameOf = ({ remoteAddress = 'unknown', remotePort }: Socket): string =>
  `${remoteAddress}:${remotePort}`;

/** grpc-js spreads the age by a tenth either way. */
const lifetimeMs = ({ connectionAgeMs, connectionGraceMs, handshakeMs }: ServerLimits): number =>
  connectionAgeMs * 1.1 + connectionGraceMs + handshakeMs;

function splitAddress(address: string): { host: string; port: number } {
  const at = address.lastIndexOf(':');
  const host = address.slice(0, at).replace(/^\[|\]$/g, '');
  return { host, port: Number(address.slice(at + 1)) };
}
