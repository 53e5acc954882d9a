/**
 * The green channel list: key provincial e-commerce enterprises, as an official list on file names them.
 * One person proposes, another approves; the listing ends after its last day.
 */
import { addDays, businessDayOf, type CalendarDate, startOfBusinessDay } from '@lianbao/kernel';
import type { DocumentReference } from './document.ts';
import { fieldsInvalid, refusals, requireAnotherPerson } from './refusals.ts';

export interface GreenListing {
  readonly state: 'PROPOSED' | 'APPROVED' | 'ENDED';
  /** Last day. */
  readonly until: CalendarDate;
  readonly listDocument: DocumentReference;
  readonly proposer: string;
  /** Undefined until approved. */
  readonly approver: string | undefined;
}

/** Replaces a proposal; refuses while a listing is in force, and a last day that is past. */
export function proposeListing(
  present: GreenListing | undefined,
  proposal: Pick<GreenListing, 'until' | 'listDocument' | 'proposer'>,
  now: Date,
): GreenListing {
  if (present !== undefined && stateNow(present, now) === 'APPROVED') {
    throw refusals.STATE_NOT_ALLOWED({ state: 'APPROVED', allowedStates: 'NONE,PROPOSED,ENDED' });
  }
  if (proposal.until < businessDayOf(now)) {
    throw fieldsInvalid([{ field: 'until', description: 'is past', reason: 'until.future' }]);
  }
  return { ...proposal, state: 'PROPOSED', approver: undefined };
}

/** Refuses the proposer, and a proposal whose last day is past. */
export function approveListing(
  present: GreenListing | undefined,
  approver: string,
  now: Date,
): GreenListing {
  const state = present === undefined ? 'NONE' : stateNow(present, now);
  if (present === undefined || state !== 'PROPOSED') {
    throw refusals.STATE_NOT_ALLOWED({ state, allowedStates: 'PROPOSED' });
  }
  requireAnotherPerson(present.proposer, approver);
  return { ...present, state: 'APPROVED', approver };
}

/** The moment after its last day. */
export const endOfListing = ({ until }: GreenListing): Date =>
  startOfBusinessDay(addDays(until, 1));

/** Ended too when its time is over and the timer has not come by yet. */
const stateNow = (listing: GreenListing, now: Date): GreenListing['state'] =>
  now >= endOfListing(listing) ? 'ENDED' : listing.state;
