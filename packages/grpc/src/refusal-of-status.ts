/** The way back: a gRPC error as the refusal that the other service meant. */
import { type DescMessage, fromBinary, type MessageShape } from '@bufbuild/protobuf';
import { type Any, anyUnpack, durationMs } from '@bufbuild/protobuf/wkt';
import { type ServiceError, status } from '@grpc/grpc-js';
import {
  BadRequestSchema,
  ErrorInfoSchema,
  LocalizedMessageSchema,
  RetryInfoSchema,
} from '@lianbao/api/google/rpc/error_details_pb';
import { StatusSchema } from '@lianbao/api/google/rpc/status_pb';
import { commonRefusals, Refusal, type RefusalKind } from '@lianbao/kernel';
import { codes, detailsKey } from './status.ts';

/** An error that no refusal explains: a defect of the other side, or an rpc that it does not know. */
export class RpcFailure extends Error {
  override readonly name = 'RpcFailure';
  readonly method: string;
  readonly code: status;

  constructor(method: string, code: status, details: string) {
    super(`${method}: ${status[code] ?? code}: ${details}`);
    this.method = method;
    this.code = code;
  }
}

const kinds = new Map<status, RefusalKind>(
  Object.entries(codes).map(([kind, code]) => [code, kind as RefusalKind]),
);

/** A refusal where the error says one, DEPENDENCY_UNAVAILABLE where nobody answered, else a failure. */
export function errorFrom(error: unknown, method: string): Error {
  if (!isServiceError(error)) return error instanceof Error ? error : new Error(String(error));
  const kind = kinds.get(error.code);
  const details = detailsOf(error);
  const info = firstOf(details, ErrorInfoSchema);
  if (kind === undefined || info === undefined) return withoutReason(error, method);
  const texts = details.flatMap((detail) => anyUnpack(detail, LocalizedMessageSchema) ?? []);
  const textIn = (locale: string) => texts.find((text) => text.locale === locale)?.message;
  const violations = firstOf(details, BadRequestSchema)?.fieldViolations ?? [];
  const delay = firstOf(details, RetryInfoSchema)?.retryDelay;
  return new Refusal(
    [kind, textIn('zh-CN') ?? error.details, textIn('en') ?? error.details],
    info.reason,
    info.domain,
    info.metadata,
    {
      violations: violations.map(({ field, description, reason }) => ({
        field,
        description,
        reason,
      })),
      ...(delay === undefined ? {} : { retryAfterMs: durationMs(delay) }),
    },
  );
}

function withoutReason({ code, details }: ServiceError, method: string): Error {
  if (code === status.UNAVAILABLE || code === status.DEADLINE_EXCEEDED) {
    return commonRefusals.DEPENDENCY_UNAVAILABLE({ method, cause: status[code] });
  }
  return new RpcFailure(method, code, details);
}

function detailsOf({ metadata }: ServiceError): readonly Any[] {
  const [bytes] = metadata?.get(detailsKey) ?? [];
  return bytes instanceof Buffer ? fromBinary(StatusSchema, bytes).details : [];
}

function firstOf<D extends DescMessage>(
  details: readonly Any[],
  schema: D,
): MessageShape<D> | undefined {
  for (const detail of details) {
    const found = anyUnpack(detail, schema);
    if (found !== undefined) return found;
  }
  return undefined;
}

const isServiceError = (error: unknown): error is ServiceError =>
  error instanceof Error && 'code' in error && typeof error.code === 'number' && 'details' in error;
