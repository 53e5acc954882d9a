/**
 * Who may call what. An rpc without a row is refused; `own` names the field whose resource name must
 * lie under the caller's own, and it is compared before anyone asks whether the resource exists.
 */
import type { DescField, DescMessage, DescService, Message } from '@bufbuild/protobuf';
import { type Caller, type CallerKind, commonRefusals, liesUnder } from '@lianbao/kernel';
import { rpcName } from './definition.ts';
import { fieldValue } from './field-value.ts';

/** Rows by full rpc name, `lianbao.party.v1.SellerService/CreateSeller`. */
export type AccessTable = Readonly<Record<string, AccessRule>>;

export interface AccessRule {
  readonly callers: readonly CallerKind[];
  /** Path of fields as in the proto file, `parent` or `application.seller`; alone it binds PLATFORM and BANK. */
  readonly own?: string | Readonly<Partial<Record<CallerKind, string>>>;
  readonly requestId?: 'REQUIRED';
  readonly etag?: 'REQUIRED';
  /** A message may have 4 MiB instead of 1. */
  readonly batch?: true;
}

/** Methods without a row and rows without a method; empty when both agree. */
export function compareAccess(access: AccessTable, services: readonly DescService[]): string[] {
  const methods = new Map(
    services.flatMap((service) => service.methods.map((method) => [rpcName(method), method])),
  );
  const complaints: string[] = [];
  for (const [name, { input }] of methods) {
    const rule = access[name];
    if (rule === undefined) {
      complaints.push(`${name} has no row`);
      continue;
    }
    const paths = pathsOf(rule).filter((path) => fieldsAlong(input, path) === undefined);
    complaints.push(...paths.map((path) => `${name} has no field ${path}`));
    for (const [key, field] of [
      ['requestId', 'request_id'],
      ['etag', 'etag'],
    ] as const) {
      if (rule[key] !== undefined && fieldsAlong(input, field) === undefined) {
        complaints.push(`${name} has no field ${field}`);
      }
    }
  }
  const strangers = Object.keys(access).filter((name) => !methods.has(name));
  return [...complaints, ...strangers.map((name) => `${name} is not a method`)];
}

export function requireCaller(rule: AccessRule | undefined, caller: Caller, method: string): void {
  if (rule === undefined || !rule.callers.includes(caller.kind)) throw notAllowed(method, 'RPC');
}

export const notAllowed = (method: string, cause: 'RPC' | 'NOT_OWN') =>
  commonRefusals.CALLER_NOT_ALLOWED({ method, cause });

/** The names under test in a message, for a caller of this kind. */
export type OwnNames = (message: Message, kind: CallerKind) => readonly string[] | undefined;

/** A TypeError when the row names a field that the request does not have. */
export function ownNames(rule: AccessRule, input: DescMessage): OwnNames {
  const readers = new Map<CallerKind, (message: Message) => readonly string[]>();
  for (const kind of ['PLATFORM', 'BANK', 'OPERATOR', 'SERVICE'] as const) {
    const path = pathFor(rule, kind);
    if (path === undefined) continue;
    const fields = fieldsAlong(input, path);
    if (fields === undefined) throw new TypeError(`${input.typeName} has no field ${path}`);
    readers.set(kind, (message) => textsAlong(message, fields));
  }
  return (message, kind) => readers.get(kind)?.(message);
}

/** Refuses a name of someone else. A name that is not there is left to validation, which comes next. */
export const allOwn = (names: readonly string[], { partner }: Caller): boolean =>
  partner !== '' && names.every((name) => name === '' || liesUnder(name, partner));

const pathFor = ({ own }: AccessRule, kind: CallerKind): string | undefined => {
  if (typeof own !== 'string') return own?.[kind];
  return kind === 'PLATFORM' || kind === 'BANK' ? own : undefined;
};

const pathsOf = ({ own }: AccessRule): readonly string[] =>
  own === undefined ? [] : typeof own === 'string' ? [own] : Object.values(own);

/** Undefined unless every step is a field and the last holds text. */
function fieldsAlong(input: DescMessage, path: string): readonly DescField[] | undefined {
  const fields: DescField[] = [];
  let at: DescMessage | undefined = input;
  for (const step of path.split('.')) {
    const field: DescField | undefined = at?.fields.find(({ name }) => name === step);
    if (field === undefined) return undefined;
    fields.push(field);
    at = field.message;
  }
  return at === undefined ? fields : undefined;
}

function textsAlong(message: Message, fields: readonly DescField[]): readonly string[] {
  let values: readonly unknown[] = [message];
  for (const field of fields) {
    values = values.flatMap((value) =>
      value === undefined ? [] : fieldValue(value as never, field),
    );
  }
  // Nothing there at all counts as one empty name: it is nobody's.
  return values.length === 0
    ? ['']
    : values.map((value) => (value === undefined ? '' : String(value)));
}
