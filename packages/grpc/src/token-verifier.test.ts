import { generateKeyPairSync } from 'node:crypto';
import type { Tenant } from '@lianbao/kernel';
import { exportJWK, importJWK, SignJWT, UnsecuredJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { joinPublicKeys, newIssuerKeys, readIssuerKeys, readPublicKeys } from './issuer-keys.ts';
import { heldToken, type TokenClaims, tokenIssuer } from './token-issuer.ts';
import { tokenVerifier } from './token-verifier.ts';

const keys = readIssuerKeys(await newIssuerKeys());
const otherKeys = readIssuerKeys(await newIssuerKeys());
const scoringKeys = readIssuerKeys(await newIssuerKeys({ service: 'scoring' }));
const privateKey = await importJWK({ ...keys.privateJwk }, 'ES256');
const start = new Date('2026-03-02T01:00:00Z');
const after = (seconds: number) => new Date(start.getTime() + seconds * 1000);

const bank: TokenClaims = {
  tenant: 'local',
  caller: 'BANK',
  partner: 'lenders/l',
  person: ' Zhang  San ',
  level: 'HEAD',
  audience: ['approval', 'party'],
};

const issued = (claims: Partial<TokenClaims> = {}, by = keys) =>
  tokenIssuer(by, () => start).issue({ ...bank, ...claims });

const verifyAt = (seconds: number, trusted = keys.publicJwks) =>
  tokenVerifier(trusted, { now: () => after(seconds) });

it('tells who calls, with the person normalised', async () => {
  expect(await verifyAt(0)(`Bearer ${await issued()}`, 'approval')).toEqual({
    tenant: 'local',
    kind: 'BANK',
    partner: 'lenders/l',
    person: 'zhang san',
    level: 'HEAD',
  });
});

it.each([
  ['PLATFORM', 'platforms/p', 'platforms/p'],
  ['SERVICE', 'scoring', 'scoring'],
] as const)('takes the partner of a %s as its person', async (caller, partner, person) => {
  const token = await issued({ caller, partner, person: 'somebody' });
  expect(await verifyAt(0)(`Bearer ${token}`, 'party')).toMatchObject({ kind: caller, person });
});

it('is good for ten minutes, and five seconds for clocks that differ', async () => {
  const authorization = `Bearer ${await issued()}`;
  await expect(verifyAt(604)(authorization, 'party')).resolves.toBeDefined();
  await expect(verifyAt(605)(authorization, 'party')).rejects.toMatchObject({
    reason: 'CREDENTIAL_INVALID',
    facts: { cause: 'EXPIRED' },
  });
});

it('expires from the cache at the same second', async () => {
  let now = start;
  const verify = tokenVerifier(keys.publicJwks, { now: () => now });
  const authorization = `Bearer ${await issued()}`;
  await verify(authorization, 'party');
  now = after(604);
  await expect(verify(authorization, 'party')).resolves.toBeDefined();
  now = after(605);
  await expect(verify(authorization, 'party')).rejects.toMatchObject({
    facts: { cause: 'EXPIRED' },
  });
});

it('counts for the tenants that are served, and for all where none are named', async () => {
  const verify = tokenVerifier(keys.publicJwks, { tenants: ['local' as Tenant], now: () => start });
  await expect(verify(`Bearer ${await issued()}`, 'party')).resolves.toBeDefined();
  const other = `Bearer ${await issued({ tenant: 'other' })}`;
  await expect(verify(other, 'party')).rejects.toMatchObject({
    reason: 'CREDENTIAL_INVALID',
    facts: { cause: 'TENANT' },
  });
  await expect(verifyAt(0)(other, 'party')).resolves.toMatchObject({ tenant: 'other' });
});

it('is not for a service that its audience does not name, cached or not', async () => {
  const verify = verifyAt(0);
  const authorization = `Bearer ${await issued()}`;
  const refused = { kind: 'UNAUTHENTICATED', facts: { cause: 'AUDIENCE' } };
  await expect(verify(authorization, 'scoring')).rejects.toMatchObject(refused);
  await verify(authorization, 'party');
  await expect(verify(authorization, 'scoring')).rejects.toMatchObject(refused);
});

it('is good by any key of the set, also after one was added', async () => {
  const both = joinPublicKeys(keys.publicJwks, otherKeys.publicJwks);
  await expect(verifyAt(0, both)(`Bearer ${await issued()}`, 'party')).resolves.toBeDefined();
  const other = await issued({}, otherKeys);
  await expect(verifyAt(0, both)(`Bearer ${other}`, 'party')).resolves.toBeDefined();
});

it("is good by a service's own key for that service only", async () => {
  const verify = verifyAt(0, joinPublicKeys(keys.publicJwks, scoringKeys.publicJwks));
  const itself = await issued({ caller: 'SERVICE', partner: 'scoring' }, scoringKeys);
  await expect(verify(`Bearer ${itself}`, 'party')).resolves.toMatchObject({ partner: 'scoring' });
  for (const claims of [{ caller: 'SERVICE', partner: 'party' }, { caller: 'BANK' }] as const) {
    const forged = await issued(claims, scoringKeys);
    await expect(verify(`Bearer ${forged}`, 'party')).rejects.toMatchObject({
      facts: { cause: 'NOT_VALID' },
    });
  }
});

describe('is not valid', () => {
  const claims = { tenant: 'local', caller: 'platform', partner: 'platforms/p' };
  const good = (token: SignJWT) =>
    token
      .setIssuer('lianbao')
      .setAudience('party')
      .setSubject('platforms/p')
      .setIssuedAt(start)
      .setExpirationTime(after(600));
  const kid = keys.privateJwk.kid;
  const signed = (changed: object, header: object = {}) =>
    good(new SignJWT({ ...claims, ...changed }))
      .setProtectedHeader({ alg: 'ES256', kid, ...header })
      .sign(privateKey);
  const refused = (authorization: string | undefined, cause: string) =>
    expect(verifyAt(1)(authorization, 'party')).rejects.toMatchObject({
      reason: 'CREDENTIAL_INVALID',
      facts: { cause },
    });

  it('when it is absent', () => refused(undefined, 'MISSING'));

  it.each([
    '',
    'Bearer',
    'Bearer ',
    'Basic abc',
    'Bearer a b',
    'Bearer x.y.z',
    `Bearer ${'x'.repeat(5_000)}`,
  ])('as %j', (authorization) => refused(authorization, 'NOT_VALID'));

  it('when it does not say by which key it is signed', async () => {
    await refused(`Bearer ${await signed({}, { kid: undefined })}`, 'NOT_VALID');
  });

  it('signed by a key that is not in the set', async () => {
    await refused(`Bearer ${await issued({}, otherKeys)}`, 'NOT_VALID');
  });

  it('signed by another key under a known kid', async () => {
    const posing = { ...otherKeys, privateJwk: { ...otherKeys.privateJwk, kid } };
    await refused(`Bearer ${await issued({}, posing)}`, 'NOT_VALID');
  });

  it('without a signature (alg none)', async () => {
    const token = new UnsecuredJWT(claims)
      .setIssuer('lianbao')
      .setAudience('party')
      .setSubject('platforms/p')
      .setIssuedAt(start)
      .setExpirationTime(after(600))
      .encode();
    await refused(`Bearer ${token}`, 'NOT_VALID');
  });

  it('signed with HMAC under the public key', async () => {
    const secret = Buffer.from(JSON.stringify(keys.publicJwks.keys[0]));
    const token = await good(new SignJWT(claims))
      .setProtectedHeader({ alg: 'HS256', kid })
      .sign(secret);
    await refused(`Bearer ${token}`, 'NOT_VALID');
  });

  it('with one letter of its claims changed', async () => {
    const [header, body = '', signature] = (await signed({})).split('.');
    const changed = Buffer.from(body, 'base64url')
      .toString()
      .replace('platforms/p"', 'platforms/q"');
    const forged = [header, Buffer.from(changed).toString('base64url'), signature].join('.');
    await refused(`Bearer ${forged}`, 'NOT_VALID');
  });

  it('with more than ten minutes to live', async () => {
    const long = await good(new SignJWT(claims))
      .setProtectedHeader({ alg: 'ES256', kid })
      .setExpirationTime(after(86_400))
      .sign(privateKey);
    await expect(verifyAt(606)(`Bearer ${long}`, 'party')).rejects.toMatchObject({
      reason: 'CREDENTIAL_INVALID',
    });
  });

  it('from the future', async () => {
    await expect(verifyAt(-6)(`Bearer ${await issued()}`, 'party')).rejects.toMatchObject({
      facts: { cause: 'NOT_VALID' },
    });
  });

  it.each([
    [{ tenant: '' }],
    [{ tenant: 7 }],
    [{ caller: 'admin' }],
    [{ caller: 'constructor' }],
    [{ partner: 'lenders/l' }],
    [{ partner: 'platforms/p/sellers/s' }],
    [{ partner: undefined }],
    [{ level: 'KING' }],
    [{ iss: 'someone' }],
  ])('with %j in its claims', async (changed) => {
    const token = await good(new SignJWT({ ...claims, ...changed }))
      .setProtectedHeader({ alg: 'ES256', kid })
      .setIssuer('iss' in changed ? String(changed.iss) : 'lianbao')
      .sign(privateKey);
    await refused(`Bearer ${token}`, 'NOT_VALID');
  });

  it('for a bank without a person', async () => {
    await refused(`Bearer ${await issued({ person: '  ' })}`, 'NOT_VALID');
  });
});

describe('a key file', () => {
  it('never tells its private part in the public set', () => {
    expect(JSON.stringify(keys.publicJwks)).not.toContain('"d"');
    expect(readPublicKeys(JSON.stringify(keys.privateJwk))).toEqual(keys.publicJwks);
  });

  it('is refused when it is of another kind', async () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const rsa = { ...(await exportJWK(publicKey)), kid: 'k' };
    expect(() => readPublicKeys(JSON.stringify({ keys: [rsa] }))).toThrow(TypeError);
    expect(() => readIssuerKeys(JSON.stringify(keys.publicJwks.keys[0]))).toThrow(TypeError);
    expect(() => readIssuerKeys('null')).toThrow(TypeError);
  });
});

it('is held for nine minutes and then renewed', async () => {
  let now = start;
  const held = heldToken(
    tokenIssuer(keys, () => now),
    bank,
    () => now,
  );
  const first = await held();
  now = after(539);
  expect(await held()).toBe(first);
  now = after(540);
  const second = await held();
  expect(second).not.toBe(first);
  await expect(verifyAt(1_140)(`Bearer ${second}`, 'party')).resolves.toBeDefined();
});
