import type { Tenant } from '@lianbao/kernel';
import { expect, it } from 'vitest';
import { newIssuerKeys, readIssuerKeys } from './issuer-keys.ts';
import { serviceTokens } from './token-issuer.ts';
import { tokenVerifier } from './token-verifier.ts';

const [here, there] = ['here' as Tenant, 'there' as Tenant];

it('a service has one token a tenant for its calls to others, and holds it', async () => {
  const key = await newIssuerKeys({ service: 'scoring' });
  const tokens = serviceTokens(key, 'scoring', ['party']);
  const verify = tokenVerifier(readIssuerKeys(key).publicJwks);
  const [first, second] = [await tokens(here), await tokens(there)];
  const scoring = { kind: 'SERVICE', partner: 'scoring', person: 'scoring', level: undefined };
  expect(await verify(`Bearer ${first}`, 'party')).toEqual({ ...scoring, tenant: here });
  expect(await verify(`Bearer ${second}`, 'party')).toEqual({ ...scoring, tenant: there });
  await expect(verify(`Bearer ${first}`, 'approval')).rejects.toMatchObject({
    reason: 'CREDENTIAL_INVALID',
  });
  expect([await tokens(here), await tokens(there)]).toEqual([first, second]);
});
