import type { Tenant } from '@lianbao/kernel';
import { type Reader, readConfiguration } from '@lianbao/runtime';

/** What the service itself needs, wherever it runs. */
export interface ScoringConfig {
  /** Of the role that owns nothing. */
  readonly databaseUrl: string;
  readonly tenants: readonly Tenant[];
  /** `host:port` of party. */
  readonly partyAddress: string;
  /** How long answers are kept, to be given again to the same request. */
  readonly idempotencyDays: number;
}

/** The same as a process of its own. */
export interface ScoringProcessConfig {
  readonly scoring: ScoringConfig;
  readonly kafkaBrokers: readonly string[];
  readonly grpcAddress: string;
  /** Contents of the key files: public keys that tokens are checked by, and the service's own. */
  readonly tokenKeys: string;
  readonly serviceKey: string;
  readonly logLevel: string;
  readonly metricsPort: number;
}

const scoringConfig = (read: Reader): ScoringConfig => ({
  databaseUrl: read.url('DATABASE_URL', { schemes: ['postgresql', 'postgres'] }),
  tenants: read.list('TENANTS', { default: ['local'] }) as readonly Tenant[],
  partyAddress: read.hostPort('PARTY_ADDRESS'),
  idempotencyDays: read.whole('IDEMPOTENCY_DAYS', { min: 1, max: 90, default: 7 }),
});

type Environment = Readonly<Record<string, string | undefined>>;

/** Throws ConfigurationInvalid with everything that is wrong. */
export const readScoringConfig = (env: Environment): Readonly<ScoringProcessConfig> =>
  readConfiguration(env, (read) => ({
    scoring: scoringConfig(read),
    kafkaBrokers: read.list('KAFKA_BROKERS'),
    grpcAddress: read.hostPort('GRPC_ADDRESS', { default: '127.0.0.1:0' }),
    tokenKeys: read.file('TOKEN_KEYS_FILE'),
    serviceKey: read.file('SERVICE_KEY_FILE'),
    logLevel: read.text('LOG_LEVEL', { default: 'info' }),
    metricsPort: read.whole('METRICS_PORT', { min: 0, max: 65_535, default: 0 }),
  }));
