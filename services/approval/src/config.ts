import type { Tenant } from '@lianbao/kernel';
import { type LogLevel, logLevels, type Reader, readConfiguration } from '@lianbao/runtime';

export interface ApprovalConfig {
  readonly databaseUrl: string;
  readonly tenants: readonly Tenant[];
  /** `host:port` where party answers. */
  readonly partyAddress: string;
  /** How long the answers of acts are kept for those who repeat them. */
  readonly idempotencyDays?: number;
}

/** What a process of approval's own needs besides. */
export interface ProcessConfig {
  readonly approval: ApprovalConfig;
  readonly kafkaBrokers: readonly string[];
  readonly grpcAddress: string;
  /** JWKS text of those whose tokens are believed. */
  readonly tokenKeys: string;
  /** JWK text of this service's own key, for calls to others. */
  readonly serviceKey: string;
  readonly metricsPort: number;
}

export const idempotencyDaysDefault = 7;

type Environment = Readonly<Record<string, string | undefined>>;

const shortName = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** Throws ConfigurationInvalid with every complaint. */
export const readProcess = (env: Environment): ProcessConfig =>
  readConfiguration(env, (read) => ({
    approval: readApprovalConfig(read),
    kafkaBrokers: read.list('KAFKA_BROKERS'),
    grpcAddress: read.hostPort('GRPC_ADDRESS', { default: '127.0.0.1:7443' }),
    tokenKeys: read.file('TOKEN_KEYS_FILE'),
    serviceKey: read.file('SERVICE_KEY_FILE'),
    metricsPort: read.whole('METRICS_PORT', { min: 0, max: 65_535, default: 9_464 }),
  }));

/** Of an operator's command on the database. */
export const readCommand = (env: Environment): Omit<ApprovalConfig, 'partyAddress'> =>
  readConfiguration(env, readDatabaseConfig);

export const readMigration = (
  env: Environment,
): { readonly ownerUrl: string; readonly appRole: string } =>
  readConfiguration(env, (read) => ({
    ownerUrl: read.databaseUrl('DATABASE_OWNER_URL'),
    appRole: read.text('DATABASE_APP_ROLE', {
      default: 'approval_app',
      pattern: /^[a-z][a-z0-9_]*$/,
    }),
  }));

const readDatabaseConfig = (read: Reader): Omit<ApprovalConfig, 'partyAddress'> => ({
  databaseUrl: read.databaseUrl('DATABASE_URL'),
  tenants: read.list('TENANTS', { default: ['local'], pattern: shortName }) as readonly Tenant[],
  idempotencyDays: read.whole('IDEMPOTENCY_DAYS', {
    min: 1,
    max: 365,
    default: idempotencyDaysDefault,
  }),
});

const readApprovalConfig = (read: Reader): ApprovalConfig => ({
  ...readDatabaseConfig(read),
  partyAddress: read.hostPort('PARTY_ADDRESS'),
});

export const readLogLevel = (env: Environment): LogLevel =>
  readConfiguration(env, (read): { readonly level: LogLevel } => ({
    level: read.choice('LOG_LEVEL', logLevels, { default: 'info' }),
  })).level;
