import type { DescMessage } from '@bufbuild/protobuf';
import type { Caller, Tenant } from '@lianbao/kernel';
import type { Call } from '../handlers.ts';

/** A call as a handler gets it, without a server. */
export const callBy = <Output extends DescMessage>(
  caller: { readonly tenant?: string; readonly partner?: string },
  method: string,
  input: DescMessage,
  output: Output,
): Call<Output> => {
  const { tenant = 'local', partner = 'platforms/p' } = caller;
  const who: Caller = {
    tenant: tenant as Tenant,
    kind: 'PLATFORM',
    partner,
    person: partner,
    level: undefined,
  };
  return {
    caller: who,
    method,
    input,
    output,
    signal: new AbortController().signal,
    deadline: new Date('2026-03-02T01:00:10Z'),
    requestBytes: 0,
    setTrailer: () => {},
  };
};
