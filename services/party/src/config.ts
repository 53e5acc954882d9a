import {
  type Reader,
  readConfiguration,
  readServingSettings,
  readStorageSettings,
  type ServingSettings,
  type StorageSettings,
  shortName,
} from '@lianbao/runtime';

export interface PartyConfig extends StorageSettings {
  /** JSON text of the key ring: keys of personal data. */
  readonly keyRing: string;
  /** Whose signatures count. */
  readonly signatureProviders: readonly string[];
}

export interface ProcessConfig extends ServingSettings {
  readonly party: PartyConfig;
}

export const partyDefaults = { signatureProviders: ['local-sign'] } as const;

type Environment = Readonly<Record<string, string | undefined>>;

/** Throws ConfigurationInvalid with every complaint. */
export const readProcess = (env: Environment): ProcessConfig =>
  readConfiguration(env, (read) => ({
    party: readPartyConfig(read),
    ...readServingSettings(read),
  }));

/** Of an operator's command on the database. */
export const readCommand = (env: Environment): PartyConfig =>
  readConfiguration(env, readPartyConfig);

const readPartyConfig = (read: Reader): PartyConfig => ({
  ...readStorageSettings(read),
  keyRing: read.file('KEY_RING_FILE'),
  signatureProviders: read.list('SIGNATURE_PROVIDERS', {
    default: partyDefaults.signatureProviders,
    pattern: shortName,
  }),
});
