import { type Act, type Origin, originOfAct } from '@lianbao/kernel';

/** What belongs together is what one act has changed. */
export const originOf = (act: Act<never>, now: Date): Origin =>
  originOfAct(act, now, act.requestId ?? '');
