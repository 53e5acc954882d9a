import {
  type AuthorityLevel,
  type Caller,
  type CallerKind,
  namePattern,
  normalisedPerson,
  type Tenant,
} from '@lianbao/kernel';
import { createLocalJWKSet, errors, type JWTPayload, jwtVerify } from 'jose';
import { credentialInvalid, type PublicKeys } from './issuer-keys.ts';
import { issuerName, tokenLifeSeconds } from './token-issuer.ts';

/**
 * Audience is the context called, `party`. Refuses with CREDENTIAL_INVALID, whose cause says why.
 * `beforeCheck` is called when a token is not known yet and its signature would be checked; what it
 * throws is the answer, and what it returns is called when the token was good.
 */
export type TokenVerifier = (
  authorization: string | undefined,
  audience: string,
  beforeCheck?: () => () => void,
) => Promise<Caller>;

interface Verified {
  readonly caller: Caller;
  readonly audience: readonly string[];
  readonly expiresMs: number;
}

const cachedMax = 10_000;
const tokenCharsMax = 4_096;
const clockToleranceSeconds = 5; // Machines' clocks differ a little.

const partnerShapes: Readonly<Record<CallerKind, RegExp>> = {
  PLATFORM: namePattern('platforms/*'),
  BANK: namePattern('lenders/*'),
  OPERATOR: /^$/,
  SERVICE: namePattern('*'),
};
const levels: readonly string[] = ['OFFICER', 'HEAD', 'COMMITTEE'] satisfies AuthorityLevel[];

export interface TokenVerifierOptions {
  /** Whose tokens count, where the process serves some tenants of the issuer only. */
  readonly tenants?: readonly Tenant[];
  readonly now?: () => Date;
}

/** Verified tokens are kept until they expire, because checking a signature costs more than a whole call. */
export function tokenVerifier(
  publicJwks: PublicKeys,
  { tenants, now = () => new Date() }: TokenVerifierOptions = {},
): TokenVerifier {
  const keys = createLocalJWKSet({ keys: publicJwks.keys.map((key) => ({ ...key })) });
  const services = new Map(publicJwks.keys.map((key) => [key.kid, key.lianbao_service]));
  const cache = new Map<string, Verified>();
  // Of calls that come together with one new token only the first has it checked.
  const checking = new Map<string, Promise<Verified>>();

  async function check(token: string): Promise<Verified> {
    try {
      const verified = await verify(token).catch(refuse);
      if (cache.size >= cachedMax) forgetSome(cache, now().getTime());
      cache.set(token, verified);
      return verified;
    } finally {
      checking.delete(token);
    }
  }

  async function firstSeen(token: string, beforeCheck: () => () => void): Promise<Verified> {
    const running = checking.get(token);
    if (running !== undefined) return running;
    const wasGood = beforeCheck();
    const checked = check(token);
    checking.set(token, checked);
    const verified = await checked;
    wasGood();
    return verified;
  }

  async function verify(token: string): Promise<Verified> {
    const { payload, protectedHeader } = await jwtVerify(token, keys, {
      algorithms: ['ES256'],
      issuer: issuerName,
      requiredClaims: ['aud', 'iat', 'exp', 'sub', 'tenant', 'caller', 'partner'],
      maxTokenAge: tokenLifeSeconds,
      clockTolerance: clockToleranceSeconds,
      currentDate: now(),
    });
    const caller = callerOf(payload);
    const { kid = '' } = protectedHeader;
    // Without it the only key of a set would do, whoever it belongs to.
    if (!services.has(kid)) throw credentialInvalid('NOT_VALID');
    const service = services.get(kid);
    if (tenants?.includes(caller.tenant) === false) throw credentialInvalid('TENANT');
    // A service's key must not make platforms or banks.
    if (service !== undefined && (caller.kind !== 'SERVICE' || caller.partner !== service)) {
      throw credentialInvalid('NOT_VALID');
    }
    const expires = Math.min(payload.exp as number, (payload.iat as number) + tokenLifeSeconds);
    const expiresMs = (expires + clockToleranceSeconds) * 1000;
    return { caller, audience: [payload.aud ?? []].flat(), expiresMs };
  }

  return async (authorization, audience, beforeCheck = unlimited) => {
    const token = tokenIn(authorization);
    let verified = cache.get(token);
    if (verified === undefined) {
      verified = await firstSeen(token, beforeCheck);
    } else if (verified.expiresMs <= now().getTime()) {
      cache.delete(token);
      throw credentialInvalid('EXPIRED');
    }
    if (!verified.audience.includes(audience)) throw credentialInvalid('AUDIENCE');
    return verified.caller;
  };
}

const unlimited = () => () => undefined;

function tokenIn(authorization: string | undefined): string {
  if (authorization === undefined) throw credentialInvalid('MISSING');
  const [scheme, token, ...rest] = authorization.split(' ');
  const fits = scheme?.toLowerCase() === 'bearer' && rest.length === 0 && token;
  if (!fits || token.length > tokenCharsMax) throw credentialInvalid('NOT_VALID');
  return token;
}

/** The claims are ours, but they pass through people's hands: each is checked before it is believed. */
function callerOf(payload: JWTPayload): Caller {
  const { sub = '', tenant, caller, partner, level } = payload;
  const kind = String(caller).toUpperCase() as CallerKind;
  const known =
    Object.hasOwn(partnerShapes, kind) &&
    typeof tenant === 'string' &&
    tenant !== '' &&
    typeof partner === 'string' &&
    partnerShapes[kind].test(partner) &&
    (level === undefined || levels.includes(String(level)));
  const isPerson = kind === 'BANK' || kind === 'OPERATOR';
  const person = isPerson ? normalisedPerson(sub) : String(partner);
  if (!known || person === '') throw credentialInvalid('NOT_VALID');
  return {
    tenant: tenant as Tenant,
    kind,
    partner,
    person,
    level: level as AuthorityLevel | undefined,
  };
}

function refuse(error: unknown): never {
  if (error instanceof errors.JWTExpired) throw credentialInvalid('EXPIRED');
  if (error instanceof errors.JOSEError) throw credentialInvalid('NOT_VALID');
  throw error;
}

function forgetSome(cache: Map<string, Verified>, nowMs: number): void {
  for (const [token, { expiresMs }] of cache) if (expiresMs <= nowMs) cache.delete(token);
  for (const token of cache.keys()) {
    if (cache.size < cachedMax) return;
    cache.delete(token);
  }
}
