import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigurationInvalid } from '@lianbao/runtime';
import { expect, it } from 'vitest';
import { readProcess } from './config.ts';

const file = join(mkdtempSync(join(tmpdir(), 'approval-')), 'key');
writeFileSync(file, '{}');

const whole = {
  DATABASE_URL: 'postgresql://approval_app@localhost/approval',
  PARTY_ADDRESS: 'party:7443',
  KAFKA_BROKERS: 'one:9092,two:9092',
  TOKEN_KEYS_FILE: file,
  SERVICE_KEY_FILE: file,
};

it('reads a process with what is usual left out', () => {
  expect(readProcess(whole)).toMatchObject({
    approval: { partyAddress: 'party:7443', tenants: ['local'], idempotencyDays: 7 },
    kafkaBrokers: ['one:9092', 'two:9092'],
    grpc: { address: '127.0.0.1:7443', tls: undefined, limits: {} },
  });
});

it('complains of everything at once', () => {
  const read = () => readProcess({ IDEMPOTENCY_DAYS: '0', TENANTS: 'Not A Name' });
  expect(read).toThrow(ConfigurationInvalid);
  try {
    read();
  } catch (error) {
    expect((error as ConfigurationInvalid).complaints.map((each) => each.split(' ')[0])).toEqual([
      'DATABASE_URL',
      'TENANTS',
      'IDEMPOTENCY_DAYS',
      'PARTY_ADDRESS',
      'KAFKA_BROKERS',
      'TOKEN_KEYS_FILE',
      'SERVICE_KEY_FILE',
    ]);
  }
});
