import { type Act, type Caller, callerKey, currentTraceId } from '@lianbao/kernel';
import type { Origin } from './ports.ts';

export const actorOf = (caller: Caller): string => `${callerKey(caller)} ${caller.person}`;

/** The origin of what an act changes; `correlation` names what it belongs to. */
export const originOf = (
  act: Pick<Act<never>, 'caller' | 'method' | 'requestId'>,
  time: Date,
  correlation: string,
): Origin => ({
  time,
  actor: actorOf(act.caller),
  cause: act.method,
  causationId: act.requestId ?? currentTraceId() ?? '',
  correlationId: correlation,
});
