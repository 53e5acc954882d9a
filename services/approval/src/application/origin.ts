import type { Origin } from '@lianbao/kernel';

/** Of what a timer brings about. */
export const timerOrigin = (cause: string, about: string, now: Date): Origin => ({
  time: now,
  actor: 'SERVICE approval',
  cause,
  causationId: '',
  correlationId: about,
});
