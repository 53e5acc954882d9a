import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readConfiguration } from './configuration.ts';
import { readDialSettings, readGrpcSettings } from './grpc-settings.ts';

type Environment = Readonly<Record<string, string>>;

const serving = (env: Environment) => readConfiguration(env, readGrpcSettings);
const dialling = (env: Environment) =>
  readConfiguration(env, (read) => ({ party: readDialSettings(read, 'PARTY') })).party;

/** A file with its own name in it. */
function fileOf(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'lianbao-settings-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, name);
  writeFileSync(path, name);
  return path;
}

const files = () => ({
  GRPC_TLS_CERT_FILE: fileOf('cert'),
  GRPC_TLS_KEY_FILE: fileOf('key'),
});
const identity = { certificateChain: 'cert', privateKey: 'key' };

describe('serving', () => {
  it('is plaintext on loopback, port 7443, unless told otherwise', () => {
    expect(serving({})).toEqual({ address: '127.0.0.1:7443', tls: undefined, limits: {} });
  });

  it.each(['127.0.0.1:0', '127.9.9.9:1', 'localhost:7443', '[::1]:7443'])(
    'takes %s for loopback',
    (GRPC_ADDRESS) => {
      expect(serving({ GRPC_ADDRESS }).tls).toBeUndefined();
    },
  );

  it.each(['0.0.0.0:7443', '[::]:7443', 'party.svc:7443', '10.0.0.7:7443', '127.evil.example:1'])(
    'in plaintext on %s has to be asked for',
    (GRPC_ADDRESS) => {
      expect(() => serving({ GRPC_ADDRESS })).toThrow(
        'GRPC_TRANSPORT is missing: one of tls, plaintext',
      );
      const settings = serving({ GRPC_ADDRESS, GRPC_TRANSPORT: 'plaintext' });
      expect(settings).toMatchObject({ address: GRPC_ADDRESS, tls: undefined });
    },
  );

  it('is over TLS where a certificate is given, on loopback too', () => {
    for (const GRPC_ADDRESS of ['0.0.0.0:7443', '127.0.0.1:7443']) {
      expect(serving({ GRPC_ADDRESS, ...files() }).tls).toEqual(identity);
    }
  });

  it('asks clients for certificates where their authorities are given', () => {
    const GRPC_TLS_CLIENT_CA_FILE = fileOf('clients');
    expect(serving({ ...files(), GRPC_TLS_CLIENT_CA_FILE }).tls).toEqual({
      ...identity,
      clientCertificateAuthorities: 'clients',
    });
  });

  it.each([
    ['GRPC_TRANSPORT', { GRPC_TRANSPORT: 'tls' }],
    ['the authorities of clients alone', { GRPC_TLS_CLIENT_CA_FILE: '/dev/null' }],
  ])('wants certificate and key once %s asks for TLS', (_what, env) => {
    expect(() => serving(env)).toThrow(
      expect.objectContaining({
        complaints: [
          expect.stringMatching(/^GRPC_TLS_CERT_FILE is missing/),
          expect.stringMatching(/^GRPC_TLS_KEY_FILE is missing/),
        ],
      }),
    );
  });

  it('leaves the number of connections to the server unless it is set', () => {
    const env = { GRPC_CONNECTIONS: '2000', GRPC_CONNECTIONS_PER_PEER: '1' };
    expect(serving(env).limits).toEqual({ connections: 2_000, connectionsPerPeer: 1 });
    expect(() => serving({ GRPC_CONNECTIONS: '0' })).toThrow('GRPC_CONNECTIONS is not a whole');
  });
});

describe('dialling', () => {
  it('is plaintext unless told whom to trust', () => {
    expect(dialling(files())).toBeUndefined();
  });

  it('trusts the authorities given, and shows the own certificate where there is one', () => {
    const PARTY_CA_FILE = fileOf('authorities');
    const certificateAuthorities = 'authorities';
    expect(dialling({ PARTY_CA_FILE })).toEqual({ certificateAuthorities, own: undefined });
    expect(dialling({ PARTY_CA_FILE, ...files() })).toEqual({
      certificateAuthorities,
      own: identity,
    });
  });
});
