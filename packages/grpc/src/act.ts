import {
  clearField,
  create,
  type DescField,
  type DescMessage,
  type Message,
  type MessageInitShape,
  toBinary,
} from '@bufbuild/protobuf';
import { type Act, sha256 } from '@lianbao/kernel';
import type { Call } from './handlers.ts';

/**
 * The act that a request asks for: its request id, etag and validate_only where the request has such
 * fields, and a fingerprint of all the rest. `toMessage` makes the answer from the use case's result.
 */
export const actOf = <Output extends DescMessage, Result>(
  call: Call<Output>,
  request: Message,
  toMessage: (result: Result) => MessageInitShape<Output>,
): Act<Result> => {
  const { requestId, etag, validateOnly } = request as Message & ActFields;
  return {
    caller: call.caller,
    method: call.method,
    requestId: requestId ? requestId.toLowerCase() : undefined,
    fingerprint: fingerprintOf(call.input, request, ['request_id']),
    etag: etag || undefined,
    validateOnly: validateOnly === true,
    encode: (result) => toBinary(call.output, create(call.output, toMessage(result))),
    signal: call.signal,
  };
};

interface ActFields {
  readonly requestId?: string;
  readonly etag?: string;
  readonly validateOnly?: boolean;
}

/** SHA-256 (hex) of the request serialised again in field order, unknown fields kept, some fields cleared. */
export function fingerprintOf(
  schema: DescMessage,
  request: Message,
  cleared: readonly string[],
): string {
  const copy = Object.assign(Object.create(Object.getPrototypeOf(request)), request) as Message;
  for (const field of fieldsNamed(schema, cleared)) clearField(copy, field as never);
  return sha256(toBinary(schema, copy));
}

const fieldsNamed = ({ fields }: DescMessage, names: readonly string[]): readonly DescField[] =>
  fields.filter(({ name }) => names.includes(name));
