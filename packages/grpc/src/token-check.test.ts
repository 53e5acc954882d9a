/** When a verifier does the cryptography of a token, and when it need not. */
import { describe, expect, it } from 'vitest';
import { newIssuerKeys, readIssuerKeys } from './issuer-keys.ts';
import { keys, platform, tokenFor } from './testing/loopback.ts';
import { tokenIssuer } from './token-issuer.ts';
import { tokenVerifier } from './token-verifier.ts';

const strangers = readIssuerKeys(await newIssuerKeys());
const newVerifier = () => tokenVerifier(keys.publicJwks);

describe('before a token is checked', () => {
  const noted = () => {
    const seen: string[] = [];
    const beforeCheck = () => {
      seen.push('checked');
      return () => void seen.push('good');
    };
    return { seen, beforeCheck };
  };

  it('asks once for a token it does not know, and says when it was good', async () => {
    const { seen, beforeCheck } = noted();
    const verify = newVerifier();
    const authorization = `Bearer ${await tokenFor()}`;
    await verify(authorization, 'party', beforeCheck);
    await verify(authorization, 'party', beforeCheck);
    await expect(verify(authorization, 'scoring', beforeCheck)).rejects.toThrow();
    expect(seen).toEqual(['checked', 'good']);
  });

  it('asks once for calls that bring a new token together', async () => {
    const { seen, beforeCheck } = noted();
    const verify = newVerifier();
    const authorization = `Bearer ${await tokenFor()}`;
    const calls = [1, 2, 3].map(() => verify(authorization, 'party', beforeCheck));
    expect(await Promise.all(calls)).toHaveLength(3);
    expect(seen).toEqual(['checked', 'good']);
  });

  it('asks each time for one that fails, and never says that it was good', async () => {
    const { seen, beforeCheck } = noted();
    const verify = newVerifier();
    const authorization = `Bearer ${await tokenIssuer(strangers).issue(platform)}`;
    for (let n = 0; n < 2; n += 1) {
      await expect(verify(authorization, 'party', beforeCheck)).rejects.toMatchObject({
        reason: 'CREDENTIAL_INVALID',
      });
    }
    expect(seen).toEqual(['checked', 'checked']);
  });

  it('answers with what is thrown, and checks nothing', async () => {
    const verify = newVerifier();
    const refused = verify(`Bearer ${await tokenFor()}`, 'party', () => {
      throw new Error('wait');
    });
    await expect(refused).rejects.toThrow('wait');
  });
});
