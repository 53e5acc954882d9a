import { type Act, type Caller, callerKey } from '@lianbao/kernel';
import type { Origin } from './ports.ts';

/** The caller, and the person where a token names one. */
export const actorOf = (caller: Caller): string =>
  caller.kind === 'OPERATOR' || caller.kind === 'BANK'
    ? `${callerKey(caller)} ${caller.person}`
    : callerKey(caller);

/** `about` is the application that the act belongs to, or another resource. */
export const originOf = (act: Act<never>, now: Date, about: string): Origin => ({
  time: now,
  actor: actorOf(act.caller),
  cause: act.method,
  causationId: act.requestId ?? '',
  correlationId: about,
});

/** Of what a timer brings about. */
export const timerOrigin = (cause: string, about: string, now: Date): Origin => ({
  time: now,
  actor: 'SERVICE approval',
  cause,
  causationId: '',
  correlationId: about,
});
