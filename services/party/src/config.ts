import type { Tenant } from '@lianbao/kernel';
import { type LogLevel, logLevels, type Reader, readConfiguration } from '@lianbao/runtime';

export interface PartyConfig {
  readonly databaseUrl: string;
  /** JSON text of the key ring: keys of personal data. */
  readonly keyRing: string;
  readonly tenants: readonly Tenant[];
  /** Whose signatures count. */
  readonly signatureProviders: readonly string[];
  /** How long the answers of acts are kept for those who repeat them. */
  readonly idempotencyDays: number;
}

/** What a process of party's own needs besides. */
export interface ProcessConfig {
  readonly party: PartyConfig;
  readonly kafkaBrokers: readonly string[];
  readonly grpcAddress: string;
  /** JWKS text of those whose tokens are believed. */
  readonly tokenKeys: string;
  readonly metricsPort: number;
}

export const partyDefaults = { signatureProviders: ['local-sign'], idempotencyDays: 7 } as const;

type Environment = Readonly<Record<string, string | undefined>>;

const shortName = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** Throws ConfigurationInvalid with every complaint. */
export const readProcess = (env: Environment): ProcessConfig =>
  readConfiguration(env, (read) => ({
    party: readPartyConfig(read),
    kafkaBrokers: read.list('KAFKA_BROKERS'),
    grpcAddress: read.hostPort('GRPC_ADDRESS', { default: '127.0.0.1:7443' }),
    tokenKeys: read.file('TOKEN_KEYS_FILE'),
    metricsPort: read.whole('METRICS_PORT', { min: 0, max: 65_535, default: 9_464 }),
  }));

/** Of an operator's command on the database. */
export const readCommand = (env: Environment): PartyConfig =>
  readConfiguration(env, readPartyConfig);

export const readMigration = (
  env: Environment,
): { readonly ownerUrl: string; readonly appRole: string } =>
  readConfiguration(env, (read) => ({
    ownerUrl: read.databaseUrl('DATABASE_OWNER_URL'),
    appRole: read.text('DATABASE_APP_ROLE', { default: 'party_app', pattern: /^[a-z][a-z0-9_]*$/ }),
  }));

const readPartyConfig = (read: Reader): PartyConfig => ({
  databaseUrl: read.databaseUrl('DATABASE_URL'),
  keyRing: read.file('KEY_RING_FILE'),
  tenants: read.list('TENANTS', { default: ['local'], pattern: shortName }) as readonly Tenant[],
  signatureProviders: read.list('SIGNATURE_PROVIDERS', {
    default: partyDefaults.signatureProviders,
    pattern: shortName,
  }),
  idempotencyDays: read.whole('IDEMPOTENCY_DAYS', {
    min: 1,
    max: 365,
    default: partyDefaults.idempotencyDays,
  }),
});

export const readLogLevel = (env: Environment): LogLevel =>
  readConfiguration(env, (read): { readonly level: LogLevel } => ({
    level: read.choice('LOG_LEVEL', logLevels, { default: 'info' }),
  })).level;
