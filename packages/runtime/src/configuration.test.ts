import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { ConfigurationInvalid, readConfiguration } from './configuration.ts';
import type { Reader } from './reader.ts';

const build = (read: Reader) => ({
  databaseUrl: read.databaseUrl('DATABASE_URL'),
  grpc: { address: read.hostPort('GRPC_ADDRESS', { default: '127.0.0.1:0' }) },
  poolMax: read.whole('POOL_MAX', { min: 1, max: 64, default: 8 }),
  tenants: read.list('TENANTS', { pattern: /^[a-z]+$/, default: ['local'] }),
  logLevel: read.choice('LOG_LEVEL', ['info', 'debug']),
  synthetic: read.flag('SYNTHETIC', { default: false }),
  name: read.text('NAME', { pattern: /^[a-z]+$/, default: 'lianbao' }),
  partyAddress: read.given('PARTY_ADDRESS') ? read.hostPort('PARTY_ADDRESS') : undefined,
});

const good = { DATABASE_URL: 'postgresql://u:pw@h:5432/d', LOG_LEVEL: 'debug' };

function complaintsOf(env: Record<string, string>): readonly string[] {
  try {
    readConfiguration(env, build);
  } catch (error) {
    if (error instanceof ConfigurationInvalid) return error.complaints;
    throw error;
  }
  return [];
}

it('gives typed values and the defaults of what is left out', () => {
  expect(readConfiguration(good, build)).toEqual({
    databaseUrl: 'postgresql://u:pw@h:5432/d',
    grpc: { address: '127.0.0.1:0' },
    poolMax: 8,
    tenants: ['local'],
    logLevel: 'debug',
    synthetic: false,
    name: 'lianbao',
    partyAddress: undefined,
  });
});

it.each([
  'postgresql://u@/d?host=/run/postgresql',
  'postgresql://u:p%40w@/d?host=/run/postgresql&port=5433',
  'postgresql:///d?host=/run/postgresql',
  'postgres://u:p%40w@[::1]:5432/d?sslmode=require',
])('takes the address of a database: %s', (url) => {
  expect(readConfiguration({ ...good, DATABASE_URL: url }, build).databaseUrl).toBe(url);
});

it.each([
  'mysql://u@/d?host=/run',
  'u@/d',
  'http://@/d',
  'postgresql://u@h',
  'postgresql://u@h/',
  'postgresql://u@h:65536/d',
  'postgresql://u@/d',
  'postgresql://u@/d?host=h',
  'postgresql:///d',
  'postgresql:d?host=/run/postgresql',
  'postgresql://u@h/d ',
])('refuses %s as the address of a database', (url) => {
  expect(complaintsOf({ ...good, DATABASE_URL: url })).toEqual([
    'DATABASE_URL is not the URL of a PostgreSQL database',
  ]);
});

it('is frozen all the way down', () => {
  const configuration = readConfiguration(good, build);
  expect(Object.isFrozen(configuration)).toBe(true);
  expect(Object.isFrozen(configuration.grpc)).toBe(true);
  expect(Object.isFrozen(configuration.tenants)).toBe(true);
});

it('says all that is wrong at once, and no value', () => {
  const complaints = complaintsOf({
    DATABASE_URL: 'mysql://u:canary@h/d',
    GRPC_ADDRESS: 'canary',
    POOL_MAX: '65',
    TENANTS: 'a,canary-7',
    SYNTHETIC: 'yes-canary',
    NAME: 'CANARY',
  });
  expect(complaints.map((complaint) => complaint.split(' ')[0])).toEqual([
    'DATABASE_URL',
    'GRPC_ADDRESS',
    'POOL_MAX',
    'TENANTS',
    'LOG_LEVEL',
    'SYNTHETIC',
    'NAME',
  ]);
  expect(complaints.join().toLowerCase()).not.toContain('canary');
  expect(complaints).toContain('POOL_MAX is not a whole number from 1 to 64');
  expect(complaints).toContain('LOG_LEVEL is missing: one of info, debug');
});

it('takes an empty variable for a missing one', () => {
  expect(complaintsOf({ ...good, DATABASE_URL: '' })).toEqual([
    'DATABASE_URL is missing: the URL of a PostgreSQL database',
  ]);
});

it.each([
  ['POOL_MAX', ['1', '64'], ['0', '65', '8.0', '1e1', ' 8', '0x8']],
  ['GRPC_ADDRESS', ['[::1]:0', 'party.svc:65535'], ['party', ':1', 'a b:1', 'party:65536']],
  ['TENANTS', ['a', 'a, b'], ['a,a', 'a,,b', ',']],
  ['SYNTHETIC', ['true', 'false'], ['TRUE', '1']],
])('reads %s up to its limits', (name, taken, refused) => {
  const wrong = (value: string) => complaintsOf({ ...good, [name]: value }).length;
  expect(taken.map(wrong)).toEqual(taken.map(() => 0));
  expect(refused.map(wrong)).toEqual(refused.map(() => 1));
});

it('reads a file, and complains of one that cannot be read', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lianbao-configuration-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'keys.json');
  writeFileSync(path, '{"keys":[]}');
  const keys = (value: string) =>
    readConfiguration({ KEYS: value }, (read) => JSON.parse(read.file('KEYS')));
  expect(keys(path)).toEqual({ keys: [] });
  expect(() => keys(join(folder, 'none'))).toThrow(
    'KEYS is not the path of a file that can be read',
  );
});

it('lets an error of the builder through when no variable is wrong', () => {
  const defect = new Error('defect');
  expect(() =>
    readConfiguration({}, () => {
      throw defect;
    }),
  ).toThrow(defect);
});
