/** The end of an application without a loan: its offer, exposure, tasks and timers go with it. */
import type { Origin } from '@lianbao/kernel';
import type { Application } from '../domain/application.ts';
import type { DomainEvent } from '../domain/events.ts';
import type { Transaction } from './ports.ts';
import { endOffer, endTasks } from './record-decision.ts';

export async function closeApplication(
  tx: Transaction,
  origin: Origin,
  from: Application,
  to: Application,
  now: Date,
): Promise<void> {
  const events: DomainEvent[] = [];
  await tx.saveApplication(from, to);
  const expired = to.state === 'EXPIRED';
  const offer = await endOffer(tx, from, expired ? 'EXPIRED' : 'WITHDRAWN');
  if (offer !== undefined && expired) events.push({ type: 'OfferExpired', application: to, offer });
  if (from.state === 'REFERRED') events.push(...(await endTasks(tx, to, 'CANCELLED', now)));
  await tx.clearTimer('APPLICATION', from.uid);
  const outcome = to.state;
  events.push({ type: 'ApplicationClosed', application: to, outcome, reasons: [] });
  await tx.say(origin, ...events);
}
