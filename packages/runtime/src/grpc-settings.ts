/** How a process serves gRPC and dials others: where, with which certificates, and to how many at a time. */
import type { Reader } from './reader.ts';

/** PEM texts. */
export interface Identity {
  /** The process's own certificate first, then those above it. */
  readonly certificateChain: string;
  readonly privateKey: string;
}

export interface GrpcSettings {
  /** `host:port`. */
  readonly address: string;
  /** Undefined is plaintext. */
  readonly tls: (Identity & { readonly clientCertificateAuthorities?: string }) | undefined;
  /** What is not set has the default of the server. */
  readonly limits: { readonly connections?: number; readonly connectionsPerPeer?: number };
}

export interface DialSettings {
  readonly certificateAuthorities: string;
  readonly own: Identity | undefined;
}

const certificate = 'GRPC_TLS_CERT_FILE';
const key = 'GRPC_TLS_KEY_FILE';
const clientAuthorities = 'GRPC_TLS_CLIENT_CA_FILE';
const connectionsMost = 1_000_000;

/**
 * Plaintext needs no word on loopback. Elsewhere a process without certificates does not start unless
 * GRPC_TRANSPORT says that something else, such as a mesh, keeps strangers from reading along.
 */
export function readGrpcSettings(read: Reader): GrpcSettings {
  const address = read.hostPort('GRPC_ADDRESS', { default: '127.0.0.1:7443' });
  const hasTls = [certificate, key, clientAuthorities].some((name) => read.given(name));
  const unsaid = hasTls ? 'tls' : 'plaintext';
  const mayBeUnsaid = hasTls || isLoopback(address);
  const fallback = mayBeUnsaid ? ({ default: unsaid } as const) : {};
  const transport = read.choice('GRPC_TRANSPORT', ['tls', 'plaintext'], fallback);
  return {
    address,
    tls: transport === 'tls' ? readTls(read) : undefined,
    limits: {
      ...most(read, 'connections', 'GRPC_CONNECTIONS'),
      ...most(read, 'connectionsPerPeer', 'GRPC_CONNECTIONS_PER_PEER'),
    },
  };
}

/**
 * How to dial another service: over TLS when `<NAME>_CA_FILE` says whom to trust, showing the process's
 * own certificate where it has one; else in plaintext.
 */
export function readDialSettings(read: Reader, name: string): DialSettings | undefined {
  const authorities = `${name}_CA_FILE`;
  if (!read.given(authorities)) return undefined;
  return {
    certificateAuthorities: read.file(authorities),
    own: read.given(certificate) ? readIdentity(read) : undefined,
  };
}

const readTls = (read: Reader) => ({
  ...readIdentity(read),
  ...(read.given(clientAuthorities) && {
    clientCertificateAuthorities: read.file(clientAuthorities),
  }),
});

const readIdentity = (read: Reader): Identity => ({
  certificateChain: read.file(certificate),
  privateKey: read.file(key),
});

const most = <Key extends string>(read: Reader, key: Key, name: string) =>
  read.given(name)
    ? ({ [key]: read.whole(name, { min: 1, max: connectionsMost }) } as Record<Key, number>)
    : {};

const isLoopback = (address: string): boolean =>
  /^(localhost|127(\.\d{1,3}){3}|\[::1\]):\d+$/.test(address);
