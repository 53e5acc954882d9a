import type { Clock, Tenant } from '@lianbao/kernel';
import type { Store } from './ports.ts';

export interface Dependencies {
  readonly store: Store;
  readonly clock: Clock;
  /** Keyed hash of an identity number: one legal person has one key in the tenant. */
  readonly keyOf: (tenant: Tenant, identityNumber: string) => string;
  /** Providers whose signatures count. */
  readonly signatureProviders: readonly string[];
}
