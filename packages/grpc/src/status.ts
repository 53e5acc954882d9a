/**
 * The one place where an error becomes a gRPC status: a refusal keeps its reason, everything else
 * is INTERNAL with a fixed text and the number of the incident under which it was logged whole.
 */
import { randomUUID } from 'node:crypto';
import { create, type DescMessage, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { type Any, anyPack, durationFromMs } from '@bufbuild/protobuf/wkt';
import { Metadata, type StatusObject, status } from '@grpc/grpc-js';
import {
  BadRequestSchema,
  ErrorInfoSchema,
  LocalizedMessageSchema,
  RetryInfoSchema,
} from '@lianbao/api/google/rpc/error_details_pb';
import { StatusSchema } from '@lianbao/api/google/rpc/status_pb';
import { type FieldViolation, Refusal, type RefusalKind } from '@lianbao/kernel';

export const detailsKey = 'grpc-status-details-bin';

export const codes: Readonly<Record<RefusalKind, status>> = {
  INVALID: status.INVALID_ARGUMENT,
  NOT_FOUND: status.NOT_FOUND,
  ALREADY_EXISTS: status.ALREADY_EXISTS,
  PRECONDITION: status.FAILED_PRECONDITION,
  UNAUTHENTICATED: status.UNAUTHENTICATED,
  FORBIDDEN: status.PERMISSION_DENIED,
  EXHAUSTED: status.RESOURCE_EXHAUSTED,
  CONTENTION: status.ABORTED,
  UNAVAILABLE: status.UNAVAILABLE,
};

// Clients of other languages take 8 KiB of trailers at most; a third goes to base64.
const violationBytesMax = 4_000;
const messageCharsMax = 300;
const factCharsMax = 300;

export function statusOfRefusal(refusal: Refusal): StatusObject {
  const { reason, domain, texts, retryAfterMs } = refusal;
  const { shown, hidden } = fitting(violationsOf(refusal));
  const facts = Object.entries(refusal.facts).map(([key, value]) => [
    key,
    cut(value, factCharsMax),
  ]);
  if (hidden > 0) facts.push(['violationsNotShown', String(hidden)]);
  const details: Any[] = [
    packed(ErrorInfoSchema, { reason, domain, metadata: Object.fromEntries(facts) }),
  ];
  if (shown.length > 0) details.push(packed(BadRequestSchema, { fieldViolations: shown }));
  for (const locale of ['zh-CN', 'en'] as const) {
    details.push(packed(LocalizedMessageSchema, { locale, message: texts[locale] }));
  }
  if (retryAfterMs !== undefined) {
    details.push(packed(RetryInfoSchema, { retryDelay: durationFromMs(retryAfterMs) }));
  }
  return rich(codes[refusal.kind], refusal.message, details);
}

/** Logs through `report` what is nobody's refusal; the caller learns the incident's number only. */
export function statusOfDefect(
  error: unknown,
  report: (error: unknown, incident: string) => void,
): StatusObject {
  const incident = randomUUID();
  report(error, incident);
  return rich(status.INTERNAL, `internal error, incident ${incident}`, [
    packed(ErrorInfoSchema, { reason: 'INTERNAL', domain: 'lianbao', metadata: { incident } }),
    packed(LocalizedMessageSchema, { locale: 'zh-CN', message: `系统内部错误（${incident}）` }),
    packed(LocalizedMessageSchema, { locale: 'en', message: `internal error (${incident})` }),
  ]);
}

export const statusFrom = (
  error: unknown,
  report: (error: unknown, incident: string) => void,
): StatusObject =>
  error instanceof Refusal ? statusOfRefusal(error) : statusOfDefect(error, report);

function rich(code: status, text: string, details: Any[]): StatusObject {
  const message = cut(text, messageCharsMax);
  const metadata = new Metadata();
  const bytes = toBinary(StatusSchema, create(StatusSchema, { code, message, details }));
  metadata.set(detailsKey, Buffer.from(bytes));
  return { code, details: message, metadata };
}

// A refusal that names one field in its facts says the same in a violation.
function violationsOf({ kind, facts, reason, texts, violations }: Refusal) {
  const { field } = facts;
  if (violations.length > 0 || kind !== 'INVALID' || field === undefined) return violations;
  return [{ field, description: facts.limit ?? texts.en, reason }];
}

function fitting(violations: readonly FieldViolation[]) {
  let left = violationBytesMax;
  const shown = violations
    .map(({ field, description, reason }) => ({
      field: cut(field, factCharsMax),
      description: cut(description, factCharsMax),
      reason: cut(reason, factCharsMax),
    }))
    .filter((violation) => {
      left -= bytesOf(violation.field) + bytesOf(violation.description) + bytesOf(violation.reason);
      return left >= 0;
    });
  return { shown, hidden: violations.length - shown.length };
}

const bytesOf = (text: string): number => Buffer.byteLength(text) + 8;

// Well formed, because grpc-js cannot send a lone surrogate.
const cut = (text: string, chars: number): string =>
  (text.length > chars ? `${text.slice(0, chars - 1)}…` : text).toWellFormed();

const packed = <D extends DescMessage>(schema: D, init: MessageInitShape<D>): Any =>
  anyPack(schema, create(schema, init));
