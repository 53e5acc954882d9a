import { heldToken, readIssuerKeys, tokenIssuer } from '@lianbao/grpc';
import type { Tenant } from '@lianbao/kernel';

/** The service's own token for its calls to party. A process that calls out serves one tenant. */
export function serviceToken(key: string, tenants: readonly Tenant[]): () => Promise<string> {
  const [tenant, another] = tenants;
  if (tenant === undefined || another !== undefined) {
    throw new RangeError('TENANTS has to name one tenant: a token speaks for one');
  }
  return heldToken(tokenIssuer(readIssuerKeys(key)), {
    tenant,
    caller: 'SERVICE',
    partner: 'scoring',
    audience: ['party'],
  });
}
