import type { AuthorityLevel, CallerKind, Tenant } from '@lianbao/kernel';
import { type CryptoKey, importJWK, SignJWT } from 'jose';
import { type IssuerKeys, readIssuerKeys } from './issuer-keys.ts';
import { perTenant } from './per-tenant.ts';

export const issuerName = 'lianbao';
export const tokenLifeSeconds = 600;

export interface TokenClaims {
  readonly tenant: string;
  readonly caller: CallerKind;
  /** `platforms/p`, `lenders/l`, or a service's name. */
  readonly partner?: string;
  /** Required of banks and operators: four eyes compare it. */
  readonly person?: string;
  readonly level?: AuthorityLevel;
  /** Contexts that the token is for: `party`, `approval`. */
  readonly audience: readonly string[];
}

export interface TokenIssuer {
  issue(claims: TokenClaims): Promise<string>;
}

/** Tokens of ten minutes, by the machine's own clock unless told another. */
export function tokenIssuer(
  { privateJwk }: Pick<IssuerKeys, 'privateJwk'>,
  now: () => Date = () => new Date(),
): TokenIssuer {
  const key = importJWK({ ...privateJwk }, 'ES256') as Promise<CryptoKey>;
  return {
    async issue({ tenant, caller, partner, person, level, audience }) {
      const issued = Math.floor(now().getTime() / 1000);
      const claims = { tenant, caller: caller.toLowerCase(), partner: partner ?? '', level };
      return new SignJWT(claims)
        .setProtectedHeader({ alg: 'ES256', kid: privateJwk.kid })
        .setIssuer(issuerName)
        .setAudience([...audience])
        .setSubject(person ?? partner ?? '')
        .setIssuedAt(issued)
        .setExpirationTime(issued + tokenLifeSeconds)
        .sign(await key);
    },
  };
}

/** One token for many calls, renewed a minute before it expires; for the `token` of a client. */
export function heldToken(
  issuer: TokenIssuer,
  claims: TokenClaims,
  now: () => Date = () => new Date(),
): () => Promise<string> {
  const heldMs = (tokenLifeSeconds - 60) * 1000;
  let held: { readonly token: Promise<string>; readonly untilMs: number } | undefined;
  return () => {
    if (held === undefined || held.untilMs <= now().getTime()) {
      held = { token: issuer.issue(claims), untilMs: now().getTime() + heldMs };
    }
    return held.token;
  };
}

/** A service's own tokens for its calls to others, one a tenant, by the JWK text of its own key. */
export function serviceTokens(
  key: string,
  service: string,
  audience: readonly string[],
): (tenant: Tenant) => Promise<string> {
  const issuer = tokenIssuer(readIssuerKeys(key));
  const held = perTenant((tenant) =>
    heldToken(issuer, { tenant, caller: 'SERVICE', partner: service, audience }),
  );
  return (tenant) => held(tenant)();
}
