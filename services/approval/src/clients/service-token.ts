import { heldToken, readIssuerKeys, tokenIssuer } from '@lianbao/grpc';
import type { Tenant } from '@lianbao/kernel';

/** Tokens for calls to party, signed by this service's own key; one a tenant, renewed before it expires. */
export function tokensOf(serviceKey: string): (tenant: Tenant) => Promise<string> {
  const issuer = tokenIssuer(readIssuerKeys(serviceKey));
  const held = new Map<Tenant, () => Promise<string>>();
  return (tenant) => {
    const claims = { tenant, caller: 'SERVICE', partner: 'approval', audience: ['party'] } as const;
    const token = held.get(tenant) ?? heldToken(issuer, claims);
    held.set(tenant, token);
    return token();
  };
}
