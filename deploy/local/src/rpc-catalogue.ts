/** The rpcs of the contract, with who may call them. */
import type { DescMethod } from '@bufbuild/protobuf';
import { approvalAccess } from '@lianbao/approval';
import { type AccessRule, rpcName } from '@lianbao/grpc';
import type { CallerKind } from '@lianbao/kernel';
import { partyAccess } from '@lianbao/party';
import { scoringAccess } from '@lianbao/scoring';
import { UsageError } from './command-line.ts';
import { contractServices } from './partners.ts';
import { shapeOf } from './rpc-shape.ts';

const access: Readonly<Record<string, AccessRule>> = {
  ...partyAccess,
  ...scoringAccess,
  ...approvalAccess,
};
const methods = contractServices.flatMap((service) => service.methods);
const partnerKinds: readonly CallerKind[] = ['PLATFORM', 'BANK', 'OPERATOR'];

export const callersOf = (method: DescMethod): readonly CallerKind[] =>
  partnerKinds.filter((kind) => access[rpcName(method)]?.callers.includes(kind));

export const needsRequestId = (method: DescMethod): boolean =>
  access[rpcName(method)]?.requestId === 'REQUIRED';

export const listRpcs = (): string[] =>
  contractServices.flatMap((service) => [
    service.typeName,
    ...service.methods.map(
      (method) =>
        `  ${service.name}/${method.name} (${callersOf(method).join(', ').toLowerCase()})`,
    ),
  ]);

/** By `Service/Rpc`, with or without the package. */
export function rpcNamed(name: string): DescMethod {
  const found = methods.find(
    (method) => rpcName(method) === name || `${method.parent.name}/${method.name}` === name,
  );
  if (found === undefined) throw new UsageError(`there is no rpc ${name}; pnpm call lists them`);
  return found;
}

export const describeRpc = (method: DescMethod): string[] => {
  const { request, answer } = streams[method.methodKind];
  return [
    rpcName(method),
    `callers: ${callersOf(method).join(', ').toLowerCase()}`,
    `takes${request}:`,
    ...shapeOf(method.input),
    `answers${answer}:`,
    ...shapeOf(method.output),
  ];
};

const streams: Readonly<
  Record<DescMethod['methodKind'], { readonly request: string; readonly answer: string }>
> = {
  unary: { request: '', answer: '' },
  server_streaming: { request: '', answer: ' with a stream of' },
  client_streaming: { request: ' a stream of', answer: '' },
  bidi_streaming: { request: ' a stream of', answer: ' with a stream of' },
};
