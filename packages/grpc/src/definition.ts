import { type DescMethod, fromBinary, toBinary } from '@bufbuild/protobuf';
import type { MethodDefinition } from '@grpc/grpc-js';

/** `lianbao.party.v1.SellerService/CreateSeller`: how access rows, metrics and idempotency keys name an rpc. */
export const rpcName = ({ parent, name }: DescMethod): string => `${parent.typeName}/${name}`;

/** The context that an rpc belongs to, which is the audience of tokens for it: `party`. */
export const contextOf = ({ parent }: DescMethod): string =>
  parent.typeName.split('.')[1] ?? parent.typeName;

export const streamsRequests = ({ methodKind }: DescMethod): boolean =>
  methodKind === 'client_streaming' || methodKind === 'bidi_streaming';

export const streamsResponses = ({ methodKind }: DescMethod): boolean =>
  methodKind === 'server_streaming' || methodKind === 'bidi_streaming';

/** For a server: bytes in, bytes out, because parsing is a layer of ours that refuses by its own rules. */
export function serverDefinition(
  method: DescMethod,
  service = method.parent.typeName,
): MethodDefinition<Buffer, Uint8Array> {
  return {
    path: `/${service}/${method.name}`,
    requestStream: streamsRequests(method),
    responseStream: streamsResponses(method),
    requestSerialize: (bytes) => bytes,
    requestDeserialize: (bytes) => bytes,
    responseSerialize: asBuffer,
    responseDeserialize: (bytes) => bytes,
  };
}

export interface ClientMethod {
  readonly path: string;
  readonly encode: (message: object) => Buffer;
  readonly decode: (bytes: Buffer) => object;
}

export function clientMethod(method: DescMethod): ClientMethod {
  return {
    path: `/${rpcName(method)}`,
    encode: (message) => asBuffer(toBinary(method.input, message as never)),
    decode: (bytes) => fromBinary(method.output, bytes),
  };
}

const asBuffer = (bytes: Uint8Array): Buffer =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
