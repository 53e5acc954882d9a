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

export interface ApprovalConfig extends StorageSettings {
  /** `host:port` where party answers. */
  readonly partyAddress: string;
  /** Undefined is plaintext. */
  readonly partyTls?: DialSettings | undefined;
}

export interface ProcessConfig extends ServingSettings {
  readonly approval: ApprovalConfig;
  /** JWK text of this service's own key, for calls to others. */
  readonly serviceKey: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Throws ConfigurationInvalid with every complaint. */
export const readProcess = (env: Environment): ProcessConfig =>
  readConfiguration(env, (read) => ({
    approval: readApprovalConfig(read),
    ...readServingSettings(read),
    serviceKey: read.file('SERVICE_KEY_FILE'),
  }));

/** Of an operator's command on the database. */
export const readCommand = (env: Environment): StorageSettings =>
  readConfiguration(env, readStorageSettings);

const readApprovalConfig = (read: Reader): ApprovalConfig => ({
  ...readStorageSettings(read),
  partyAddress: read.hostPort('PARTY_ADDRESS'),
  partyTls: readDialSettings(read, 'PARTY'),
});
