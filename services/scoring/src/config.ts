import {
  type DialSettings,
  type Reader,
  readConfiguration,
  readDialSettings,
  readServingSettings,
  readStorageSettings,
  type ServingSettings,
  type StorageSettings,
} from '@lianbao/runtime';

export interface ScoringConfig extends StorageSettings {
  /** `host:port` where party answers. */
  readonly partyAddress: string;
  /** Undefined is plaintext. */
  readonly partyTls?: DialSettings | undefined;
}

/** What an operator's command on the database needs: its handlers may ask party. */
export interface CommandConfig {
  readonly scoring: ScoringConfig;
  /** JWK text of this service's own key, for calls to others. */
  readonly serviceKey: string;
}

export interface ProcessConfig extends CommandConfig, ServingSettings {}

type Environment = Readonly<Record<string, string | undefined>>;

/** Throws ConfigurationInvalid with every complaint. */
export const readProcess = (env: Environment): ProcessConfig =>
  readConfiguration(env, (read) => ({ ...commandConfig(read), ...readServingSettings(read) }));

export const readCommand = (env: Environment): CommandConfig =>
  readConfiguration(env, commandConfig);

const commandConfig = (read: Reader): CommandConfig => ({
  scoring: {
    ...readStorageSettings(read),
    partyAddress: read.hostPort('PARTY_ADDRESS'),
    partyTls: readDialSettings(read, 'PARTY'),
  },
  serviceKey: read.file('SERVICE_KEY_FILE'),
});
