/** Who caused a change and how, as it is written beside every event and audit row. */
import { type Act, type Caller, callerKey } from './caller.ts';

export interface Origin {
  readonly time: Date;
  readonly actor: string;
  /** Rpc, event type or timer. */
  readonly cause: string;
  /** Of the request or event that brought it about; empty where there is none. */
  readonly causationId: string;
  /** What it belongs to, an application for one; or empty. */
  readonly correlationId: string;
}

/** The caller, and the person where a token names one. */
export const actorOf = (caller: Caller): string =>
  caller.kind === 'OPERATOR' || caller.kind === 'BANK'
    ? `${callerKey(caller)} ${caller.person}`
    : callerKey(caller);

export const originOfAct = (
  act: Pick<Act<never>, 'caller' | 'method' | 'requestId'>,
  time: Date,
  correlationId: string,
): Origin => ({
  time,
  actor: actorOf(act.caller),
  cause: act.method,
  causationId: act.requestId ?? '',
  correlationId,
});
