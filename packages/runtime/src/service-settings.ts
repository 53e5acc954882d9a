/** What the processes of all services read from their environment, each thing under one name and with one default. */
import type { Log, Tenant } from '@lianbao/kernel';
import { readConfiguration } from './configuration.ts';
import { type GrpcSettings, readGrpcSettings } from './grpc-settings.ts';
import { createLog, type LogLevel, logLevels } from './log.ts';
import type { Reader } from './reader.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What a service needs wherever it runs. */
export interface StorageSettings {
  /** Of the role that owns nothing. */
  readonly databaseUrl: string;
  readonly tenants: readonly Tenant[];
  /** How long the answers of acts are kept for those who repeat them. */
  readonly idempotencyDays: number;
}

/** What a process of its own needs besides. */
export interface ServingSettings {
  readonly kafkaBrokers: readonly string[];
  readonly grpc: GrpcSettings;
  /** JWKS text of those whose tokens are believed. */
  readonly tokenKeys: string;
  readonly metricsPort: number;
}

export interface MigrationSettings {
  readonly ownerUrl: string;
  readonly appRole: string;
}

/** Of tenants, providers and the like. */
export const shortName = /^[a-z0-9][a-z0-9-]{0,62}$/;

export const readStorageSettings = (read: Reader): StorageSettings => ({
  databaseUrl: read.databaseUrl('DATABASE_URL'),
  tenants: read.list('TENANTS', { default: ['local'], pattern: shortName }) as readonly Tenant[],
  idempotencyDays: read.whole('IDEMPOTENCY_DAYS', { min: 1, max: 365, default: 7 }),
});

export const readServingSettings = (read: Reader): ServingSettings => ({
  kafkaBrokers: read.list('KAFKA_BROKERS'),
  grpc: readGrpcSettings(read),
  tokenKeys: read.file('TOKEN_KEYS_FILE'),
  metricsPort: read.whole('METRICS_PORT', { min: 0, max: 65_535, default: 9_464 }),
});

/** Throws ConfigurationInvalid. */
export const readMigration = (env: Environment, service: string): MigrationSettings =>
  readConfiguration(env, (read) => ({
    ownerUrl: read.databaseUrl('DATABASE_OWNER_URL'),
    appRole: read.text('DATABASE_APP_ROLE', {
      default: `${service}_app`,
      pattern: /^[a-z][a-z0-9_]*$/,
    }),
  }));

/** Throws ConfigurationInvalid. */
export const readLogLevel = (env: Environment): LogLevel =>
  readConfiguration(env, (read): { readonly level: LogLevel } => ({
    level: read.choice('LOG_LEVEL', logLevels, { default: 'info' }),
  })).level;

/** The log of a service's process, at the level of its environment. */
export const serviceLog = (env: Environment, service: string): Log =>
  createLog({ service, level: readLogLevel(env) });
