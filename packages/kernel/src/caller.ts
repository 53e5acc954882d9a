/**
 * Who calls, as the token says, and the act it asks for. An act carries what makes a repeat
 * recognisable: `packages/persistence` keeps its answer, `packages/grpc` makes it from the request.
 */
import type { Tenant } from './brand.ts';

export type CallerKind = 'PLATFORM' | 'BANK' | 'OPERATOR' | 'SERVICE';

/** How much a person at a lender may decide. */
export type AuthorityLevel = 'OFFICER' | 'HEAD' | 'COMMITTEE';

export interface Caller {
  readonly tenant: Tenant;
  readonly kind: CallerKind;
  /** `platforms/p` or `lenders/l`; of a service its name; of an operator empty. */
  readonly partner: string;
  /** The person, normalised; of a platform or service its partner. Four eyes compare it. */
  readonly person: string;
  readonly level: AuthorityLevel | undefined;
}

export interface Act<Result> {
  readonly caller: Caller;
  /** Full rpc name, `lianbao.party.v1.SellerService/CreateSeller`. */
  readonly method: string;
  /** A UUIDv4 made by the client; undefined where the rpc does not need one and none came. */
  readonly requestId: string | undefined;
  /** SHA-256 (hex) of the request, serialised again with its request id cleared. */
  readonly fingerprint: string;
  /** The revision that the caller saw; undefined when it did not say. */
  readonly etag: string | undefined;
  /** Check all, answer what would be, store nothing. */
  readonly validateOnly: boolean;
  readonly encode: (result: Result) => Uint8Array;
  readonly signal: AbortSignal;
}

/** An answer already in bytes: that of the act, or the stored one of the act it repeats. */
export class Answer {
  readonly bytes: Uint8Array;
  readonly replayed: boolean;

  constructor(bytes: Uint8Array, replayed: boolean) {
    this.bytes = bytes;
    this.replayed = replayed;
  }
}

/** Two spellings of one name are one person: NFKC, trimmed, case folded, runs of space as one. */
export const normalisedPerson = (name: string): string =>
  name.normalize('NFKC').trim().replace(/\s+/gu, ' ').toLowerCase();

/** The one spelling of a caller in idempotency keys and audit rows. */
export const callerKey = ({ kind, partner }: Caller): string => `${kind} ${partner}`.trim();
