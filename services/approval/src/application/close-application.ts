/** The end of an application without a loan: its offer, exposure, tasks and timers go with it. */
import type { Origin } from '@lianbao/kernel';
import type { Application } from '../domain/application.ts';
import type { DomainEvent } from '../domain/events.ts';
import type { Offer } from '../domain/offer.ts';
import type { Transaction } from './ports.ts';
import { endTasks } from './record-decision.ts';

export async function closeApplication(
  tx: Transaction,
  origin: Origin,
  from: Application,
  to: Application,
  now: Date,
): Promise<void> {
  const events: DomainEvent[] = [];
  await tx.saveApplication(from, to);
  if (from.state === 'APPROVED') {
    const offer = await tx.openOffer(from.uid);
    if (offer !== undefined) events.push(...(await endOffer(tx, to, offer)));
    await tx.endExposure(from.uid);
  }
  if (from.state === 'REFERRED') events.push(...(await endTasks(tx, to, 'CANCELLED', now)));
  await tx.clearTimer('APPLICATION', from.uid);
  const outcome = to.state;
  events.push({ type: 'ApplicationClosed', application: to, outcome, reasons: [] });
  await tx.say(origin, ...events);
}

async function endOffer(
  tx: Transaction,
  application: Application,
  open: Offer,
): Promise<readonly DomainEvent[]> {
  const expired = application.state === 'EXPIRED';
  const offer: Offer = {
    ...open,
    state: expired ? 'EXPIRED' : 'WITHDRAWN',
    revision: open.revision + 1n,
  };
  await tx.saveOffer(offer);
  return expired ? [{ type: 'OfferExpired', application, offer }] : [];
}
