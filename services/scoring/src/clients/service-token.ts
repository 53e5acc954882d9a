import { heldToken, readIssuerKeys, tokenIssuer } from '@lianbao/grpc';
import type { Tenant } from '@lianbao/kernel';

/** The service's own tokens for its calls to party: one a tenant, each renewed before it expires. */
export function serviceToken(key: string): (tenant: Tenant) => Promise<string> {
  const issuer = tokenIssuer(readIssuerKeys(key));
  const held = new Map<Tenant, () => Promise<string>>();
  return (tenant) => {
    const claims = { tenant, caller: 'SERVICE', partner: 'scoring', audience: ['party'] } as const;
    const token = held.get(tenant) ?? heldToken(issuer, claims);
    held.set(tenant, token);
    return token();
  };
}
