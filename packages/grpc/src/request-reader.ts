/** From bytes to a request that may be handled: parsed, the caller's own, valid. In this order. */
import { type DescMethod, fromBinary, type Message } from '@bufbuild/protobuf';
import { type Caller, commonRefusals, type FieldViolation, type Refusal } from '@lianbao/kernel';
import { type AccessRule, allOwn, notAllowed, ownNames } from './access.ts';
import { rpcName } from './definition.ts';
import { brokenText, unfitText } from './text-check.ts';
import { fieldInvalid, fieldsInvalid, violationsIn } from './validation.ts';
import { unfitValues } from './value-check.ts';

/** Refuses with INVALID or FORBIDDEN. `position` counts the messages of a stream, from 0. */
export type RequestReader = (bytes: Uint8Array, caller: Caller, position?: number) => Message;

const uuidV4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

const bytesMax = 1_048_576;
const batchBytesMax = 4 * bytesMax;

export function requestReader(method: DescMethod, rule: AccessRule): RequestReader {
  const { input } = method;
  const own = ownNames(rule, input);
  const limit = rule.batch === true ? batchBytesMax : bytesMax;
  const check = (message: Message, facts: Readonly<Record<string, string>>): void => {
    const violations = [
      ...violationsIn(input, message),
      ...unfitValues(input, message),
      ...requiredFields(rule, message),
    ];
    if (violations.length > 0) throw fieldsInvalid(distinct(violations), facts);
  };
  return (bytes, caller, position) => {
    if (bytes.byteLength > limit) throw tooLarge(limit);
    const message = parse(method, bytes);
    const names = own(message, caller.kind);
    if (names !== undefined && !allOwn(names, caller)) throw notAllowed(rpcName(method), 'NOT_OWN');
    check(message, position === undefined ? {} : { position: String(position) });
    if (names?.some((name) => name === '')) throw notAllowed(rpcName(method), 'NOT_OWN');
    return message;
  };
}

/** No RetryInfo: the same message will not fit later either. */
export const tooLarge = (limitBytes: number): Refusal =>
  commonRefusals.QUOTA_EXCEEDED({ limit: `${limitBytes} bytes a message` });

function parse({ input }: DescMethod, bytes: Uint8Array): Message {
  let message: Message;
  try {
    message = fromBinary(input, bytes);
  } catch {
    throw malformed(brokenPath(() => brokenText(input, bytes)));
  }
  const unfit = unfitText(input, message);
  if (unfit !== undefined) {
    throw fieldInvalid(unfit, 'string.characters', 'holds a NUL or a lone surrogate');
  }
  return message;
}

function brokenPath(look: () => string | undefined): string | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}

const malformed = (path: string | undefined): Refusal =>
  path === undefined
    ? fieldInvalid('', 'message.malformed', 'the bytes are not a message of this type')
    : fieldInvalid(path, 'string.utf8', 'is not UTF-8');

function requiredFields(rule: AccessRule, message: Message): FieldViolation[] {
  const { requestId, etag } = message as { readonly requestId?: unknown; readonly etag?: unknown };
  const violations: FieldViolation[] = [];
  const add = (field: string, reason: string, description: string) =>
    violations.push({ field, reason, description });
  if (typeof requestId === 'string' && requestId !== '' && !uuidV4.test(requestId)) {
    add('request_id', 'request_id.uuid_v4', 'has to be a UUIDv4 made by the client');
  } else if (rule.requestId === 'REQUIRED' && !requestId) {
    add('request_id', 'required', 'is required: a UUIDv4 made by the client');
  }
  if (rule.etag === 'REQUIRED' && !etag) {
    add('etag', 'required', 'is required: the etag of the resource as it was read');
  }
  return violations;
}

// A rule in the proto file may say the same of request_id or etag; it was there first.
const distinct = (violations: readonly FieldViolation[]): readonly FieldViolation[] =>
  violations.filter(
    ({ field }, index) =>
      (field !== 'request_id' && field !== 'etag') ||
      violations.findIndex((other) => other.field === field) === index,
  );
