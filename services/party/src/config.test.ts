import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigurationInvalid } from '@lianbao/runtime';
import { expect, it, onTestFinished } from 'vitest';
import { readProcess } from './config.ts';

function files(): Record<string, string> {
  const folder = mkdtempSync(join(tmpdir(), 'party-config-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [keys, ring] = [join(folder, 'keys'), join(folder, 'ring')];
  writeFileSync(keys, 'the keys');
  writeFileSync(ring, 'the ring');
  return { TOKEN_KEYS_FILE: keys, KEY_RING_FILE: ring };
}

it('reads a process from its environment', () => {
  const env = {
    ...files(),
    DATABASE_URL: 'postgresql://u@/party?host=/run/pg',
    KAFKA_BROKERS: 'a:1,b:2',
  };
  expect(readProcess(env)).toEqual({
    party: {
      databaseUrl: 'postgresql://u@/party?host=/run/pg',
      keyRing: 'the ring',
      tenants: ['local'],
      signatureProviders: ['local-sign'],
      idempotencyDays: 7,
    },
    kafkaBrokers: ['a:1', 'b:2'],
    grpc: { address: '127.0.0.1:7443', tls: undefined, limits: {} },
    tokenKeys: 'the keys',
    metricsPort: 9_464,
  });
});

it('says all that is wrong at once, and refuses to run without its keys', () => {
  const read = () =>
    readProcess({ TENANTS: 'a,a', IDEMPOTENCY_DAYS: '0', SIGNATURE_PROVIDERS: 'Not one' });
  expect(read).toThrow(ConfigurationInvalid);
  try {
    read();
  } catch (error) {
    const { complaints } = error as ConfigurationInvalid;
    expect(complaints.map((complaint) => complaint.split(' ')[0]).sort()).toEqual([
      'DATABASE_URL',
      'IDEMPOTENCY_DAYS',
      'KAFKA_BROKERS',
      'KEY_RING_FILE',
      'SIGNATURE_PROVIDERS',
      'TENANTS',
      'TOKEN_KEYS_FILE',
    ]);
  }
});
