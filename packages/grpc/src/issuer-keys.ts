import { commonRefusals } from '@lianbao/kernel';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';

/** A key of ES256 as a JWK, always with `kid`. */
export interface PublicKey extends JWK {
  readonly kid: string;
  /** Set on the key of a service: it signs for that service only. */
  readonly lianbao_service?: string;
}

export interface PublicKeys {
  readonly keys: readonly PublicKey[];
}

export interface IssuerKeys {
  readonly privateJwk: PublicKey;
  readonly publicJwks: PublicKeys;
}

/** The text of a new key file, private part included. With `service` its tokens speak for that service only. */
export async function newIssuerKeys(options: { service?: string } = {}): Promise<string> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk = await exportJWK(privateKey);
  const kid = await calculateJwkThumbprint(jwk);
  const bound = options.service === undefined ? {} : { lianbao_service: options.service };
  return JSON.stringify({ ...jwk, alg: 'ES256', use: 'sig', kid, ...bound });
}

export function readIssuerKeys(text: string): IssuerKeys {
  const privateJwk = parsed(text) as PublicKey;
  if (typeof privateJwk.d !== 'string') throw new TypeError('the key file holds no private key');
  return { privateJwk, publicJwks: readPublicKeys(text) };
}

/** Of a JWKS, or of one key; a private part is dropped. A TypeError when it is no key of ES256. */
export function readPublicKeys(text: string): PublicKeys {
  const value = parsed(text) as Partial<PublicKeys> & PublicKey;
  return { keys: (value.keys ?? [value]).map(publicPart) };
}

/** One JWKS of several. */
export const joinPublicKeys = (...sets: readonly PublicKeys[]): PublicKeys => ({
  keys: sets.flatMap(({ keys }) => keys),
});

function publicPart({ kty, crv, x, y, kid, lianbao_service }: PublicKey): PublicKey {
  if (kty !== 'EC' || crv !== 'P-256' || !x || !y || !kid) {
    throw new TypeError('a token key has to be a JWK of ES256 with kid');
  }
  const bound = lianbao_service === undefined ? {} : { lianbao_service };
  return { kty, crv, x, y, kid, alg: 'ES256', use: 'sig', ...bound };
}

function parsed(text: string): object {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null) throw new TypeError('not a key file');
  return value;
}

export const credentialInvalid = (
  cause: 'MISSING' | 'EXPIRED' | 'AUDIENCE' | 'TENANT' | 'NOT_VALID',
) => commonRefusals.CREDENTIAL_INVALID({ cause });
