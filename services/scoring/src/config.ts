import type { Tenant } from '@lianbao/kernel';
import { type LogLevel, logLevels, type Reader, readConfiguration } from '@lianbao/runtime';

/** What the service needs wherever it runs. */
export interface ScoringConfig {
  /** Of the role that owns nothing. */
  readonly databaseUrl: string;
  readonly tenants: readonly Tenant[];
  /** `host:port` of party. */
  readonly partyAddress: string;
  /** How long answers are kept, to be given again to the same request. */
  readonly idempotencyDays: number;
}

/** What a process of its own needs besides. */
export interface ScoringProcessConfig {
  readonly scoring: ScoringConfig;
  readonly kafkaBrokers: readonly string[];
  readonly grpcAddress: string;
  /** JWKS text of those whose tokens are believed. */
  readonly tokenKeys: string;
  /** JWK text of the service's own key. */
  readonly serviceKey: string;
  readonly logLevel: LogLevel;
  readonly metricsPort: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

const shortName = /^[a-z0-9][a-z0-9-]{0,62}$/;

const scoringConfig = (read: Reader): ScoringConfig => ({
  databaseUrl: read.databaseUrl('DATABASE_URL'),
  tenants: read.list('TENANTS', { default: ['local'], pattern: shortName }) as readonly Tenant[],
  partyAddress: read.hostPort('PARTY_ADDRESS'),
  idempotencyDays: read.whole('IDEMPOTENCY_DAYS', { min: 1, max: 365, default: 7 }),
});

const logLevel = (read: Reader): LogLevel =>
  read.choice('LOG_LEVEL', logLevels, { default: 'info' });

/** Throws ConfigurationInvalid with everything that is wrong, as the others do. */
export const readProcessConfig = (env: Environment): ScoringProcessConfig =>
  readConfiguration(env, (read) => ({
    scoring: scoringConfig(read),
    kafkaBrokers: read.list('KAFKA_BROKERS'),
    grpcAddress: read.hostPort('GRPC_ADDRESS', { default: '127.0.0.1:7443' }),
    tokenKeys: read.file('TOKEN_KEYS_FILE'),
    serviceKey: read.file('SERVICE_KEY_FILE'),
    logLevel: logLevel(read),
    metricsPort: read.whole('METRICS_PORT', { min: 0, max: 65_535, default: 9_464 }),
  }));

/** Of an operator's command on the database. */
export const readCommandConfig = (
  env: Environment,
): Pick<ScoringProcessConfig, 'scoring' | 'serviceKey' | 'logLevel'> =>
  readConfiguration(env, (read) => ({
    scoring: scoringConfig(read),
    serviceKey: read.file('SERVICE_KEY_FILE'),
    logLevel: logLevel(read),
  }));

export interface MigrationConfig {
  readonly ownerUrl: string;
  readonly appRole: string;
  readonly logLevel: LogLevel;
}

export const readMigrationConfig = (env: Environment): MigrationConfig =>
  readConfiguration(env, (read) => ({
    ownerUrl: read.databaseUrl('DATABASE_OWNER_URL'),
    appRole: read.text('DATABASE_APP_ROLE', {
      default: 'scoring_app',
      pattern: /^[a-z][a-z0-9_]*$/,
    }),
    logLevel: logLevel(read),
  }));
