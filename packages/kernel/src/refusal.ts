/**
 * A refusal is an expected "no" with a reason. The kind decides the gRPC status, in one place of
 * `packages/grpc`; reason, domain and facts are the contract, the texts are for people. Facts never
 * hold personal data.
 */

export type RefusalKind =
  | 'INVALID'
  | 'NOT_FOUND'
  | 'ALREADY_EXISTS'
  | 'PRECONDITION'
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'EXHAUSTED'
  | 'CONTENTION'
  | 'UNAVAILABLE';

export type Facts = Readonly<Record<string, string>>;

export interface FieldViolation {
  readonly field: string;
  readonly description: string;
  readonly reason: string;
}

export interface RefusalDetail {
  readonly violations?: readonly FieldViolation[];
  readonly retryAfterMs?: number;
}

export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly kind: RefusalKind;
  readonly reason: string;
  readonly domain: string;
  readonly facts: Facts;
  readonly texts: Readonly<Record<'zh-CN' | 'en', string>>;
  readonly violations: readonly FieldViolation[];
  readonly retryAfterMs: number | undefined;

  constructor(
    entry: RefusalEntry,
    reason: string,
    domain: string,
    facts: Facts,
    detail: RefusalDetail,
  ) {
    const [kind, chinese, english] = entry;
    const told = Object.entries(facts).map(([name, value]) => `${name}: ${value}`);
    super(told.length === 0 ? english : `${english} (${told.join(', ')})`);
    this.kind = kind;
    this.reason = reason;
    this.domain = domain;
    this.facts = facts;
    this.texts = { 'zh-CN': chinese, en: english };
    this.violations = detail.violations ?? [];
    this.retryAfterMs = detail.retryAfterMs;
  }
}

/** Kind, Chinese text, English text. */
export type RefusalEntry = readonly [RefusalKind, string, string];

export type RefusalMaker = (facts?: Facts, detail?: RefusalDetail) => Refusal;

/** Makers of the refusals of one domain, by reason. */
export function catalogueRefusals<Reason extends string>(
  domain: string,
  entries: Readonly<Record<Reason, RefusalEntry>>,
): Readonly<Record<Reason, RefusalMaker>> {
  const makers = Object.entries<RefusalEntry>(entries).map(([reason, entry]) => [
    reason,
    (facts: Facts = {}, detail: RefusalDetail = {}) =>
      new Refusal(entry, reason, domain, facts, detail),
  ]);
  return Object.fromEntries(makers);
}

/** What any service may refuse. Domain `lianbao`. */
export const commonRefusals = catalogueRefusals('lianbao', {
  FIELD_INVALID: ['INVALID', '请求字段无效', 'a field of the request is not valid'],
  PAGE_TOKEN_INVALID: ['INVALID', '分页标记无效', 'the page token is not valid here'],
  REQUEST_ID_REUSED: [
    'INVALID',
    '请求编号已用于其他内容',
    'this request id was used for another request',
  ],
  REQUEST_IN_PROGRESS: [
    'CONTENTION',
    '同一请求正在处理',
    'the first call with this request id is still running',
  ],
  ETAG_MISMATCH: ['CONTENTION', '对象已被更改', 'the resource has changed since it was read'],
  STATE_NOT_ALLOWED: [
    'PRECONDITION',
    '当前状态不允许此操作',
    'the act is not possible in this state',
  ],
  NAME_TAKEN: ['ALREADY_EXISTS', '名称已存在', 'a resource of this name exists'],
  DUPLICATE_EXTERNAL_REFERENCE: [
    'ALREADY_EXISTS',
    '外部编号已存在',
    'this external reference was used before',
  ],
  NAME_UNKNOWN: ['NOT_FOUND', '对象不存在', 'there is no resource of this name'],
  CALLER_NOT_ALLOWED: ['FORBIDDEN', '无权执行此操作', 'the caller may not do this'],
  CREDENTIAL_INVALID: ['UNAUTHENTICATED', '凭证无效', 'the token is missing or not valid'],
  FOUR_EYES_SAME_PERSON: [
    'FORBIDDEN',
    '须由另一人办理',
    'another person than the one before has to do this',
  ],
  QUOTA_EXCEEDED: ['EXHAUSTED', '超出调用限额', 'a quota is used up'],
  OVERLOADED: ['UNAVAILABLE', '系统繁忙', 'the service is overloaded'],
  DEPENDENCY_UNAVAILABLE: [
    'UNAVAILABLE',
    '所依赖的服务暂不可用',
    'a service that is needed for the answer cannot be reached',
  ],
  DOCUMENT_MISSING: ['PRECONDITION', '缺少文件', 'a document is missing'],
  SIGNATURE_NOT_RELIABLE: ['PRECONDITION', '签名不可靠', 'the signature does not count'],
});
