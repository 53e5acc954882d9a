import { heldToken, type TokenClaims, type TokenIssuer } from '@lianbao/grpc';
import type { Tenant } from '@lianbao/kernel';

/** One token a tenant for calls to party, each renewed before it expires. */
export function tokensOf(
  issuer: TokenIssuer,
  claims: Pick<TokenClaims, 'caller' | 'partner'>,
): (tenant: Tenant) => Promise<string> {
  const held = new Map<Tenant, () => Promise<string>>();
  return (tenant) => {
    const token = held.get(tenant) ?? heldToken(issuer, { ...claims, tenant, audience: ['party'] });
    held.set(tenant, token);
    return token();
  };
}
