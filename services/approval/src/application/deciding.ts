/** What a decision begins with. */
import { businessDayOf } from '@lianbao/kernel';
import type { PersonAct } from '../domain/decision/facts.ts';
import type { DomainEvent } from '../domain/events.ts';
import type { ArrivedRow, DecidingGround } from './ports.ts';

export interface Deciding {
  readonly ground: DecidingGround;
  readonly now: Date;
  /** Came with the event that made the decision due; among the ground's evidence already. */
  readonly arrived?: ArrivedRow;
  readonly act?: PersonAct;
  /** Said before what the decision says. */
  readonly also?: readonly DomainEvent[];
}

/** `2020-02`, of the business day. */
export const monthOf = (now: Date): string => businessDayOf(now).slice(0, 7);
