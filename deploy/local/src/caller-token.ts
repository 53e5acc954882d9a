import { readIssuerKeys, tokenIssuer } from '@lianbao/grpc';
import type { CallerKind } from '@lianbao/kernel';
import type { CallerOptions } from './command-line.ts';
import type { Home } from './home.ts';
import { audience, localTenant } from './local-tenant.ts';
import { lenderName, platformName } from './set-up.ts';

/** A token of the local issuer; partners are those of the set-up unless another is named. */
export function callerToken(home: Home, kind: CallerKind, options: CallerOptions): Promise<string> {
  const { person, level } = options;
  const partner = (usual: string) => ({ partner: options.partner ?? usual });
  return tokenIssuer(readIssuerKeys(home.issuerKeys)).issue({
    tenant: localTenant,
    caller: kind,
    audience,
    ...(kind === 'PLATFORM' ? partner(platformName) : { person }),
    ...(kind === 'BANK' ? { ...partner(lenderName), level } : {}),
  });
}
