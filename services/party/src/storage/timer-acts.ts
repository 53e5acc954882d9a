/** What time brings about: consents expire, green listings end. */
import type { Origin } from '@lianbao/kernel';
import type { KeyRing, TimerHandler } from '@lianbao/persistence';
import { expireConsent } from '../application/end-consent.ts';
import { endGreenListing } from '../application/green-listing.ts';
import type { TimerKind } from '../application/ports.ts';
import type { ConsentName, SellerName } from '../domain/names.ts';
import { transactionOn } from './store.ts';

export const timerActs = (ring: KeyRing): Readonly<Record<TimerKind, TimerHandler>> => ({
  CONSENT_EXPIRY: (em, subject, now, tenant) =>
    expireConsent(
      transactionOn(em, tenant, ring),
      subject as ConsentName,
      origin('CONSENT_EXPIRY', now),
    ),
  GREEN_LISTING_END: (em, subject, now, tenant) =>
    endGreenListing(
      transactionOn(em, tenant, ring),
      subject as SellerName,
      origin('GREEN_LISTING_END', now),
    ),
});

const origin = (kind: TimerKind, time: Date): Origin => ({
  time,
  actor: 'SERVICE party',
  cause: `timer ${kind}`,
  causationId: '',
  correlationId: '',
});
