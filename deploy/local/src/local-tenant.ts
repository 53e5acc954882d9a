import type { Tenant } from '@lianbao/kernel';

/** The one tenant of the local mode. */
export const localTenant = 'local' as Tenant;

/** Contexts that its tokens are for: all. */
export const audience = ['party', 'scoring', 'approval'] as const;

/** Signature providers that it trusts. */
export const signatureProviders = ['local-sign'] as const;
