/** What time brings about: consents expire, green listings end. */
import type { Origin, Tenant } from '@lianbao/kernel';
import { type KeyRing, sql, type TimerHandler } from '@lianbao/persistence';
import type { EntityManager } from '@mikro-orm/postgresql';
import { expireConsent } from '../application/end-consent.ts';
import { endGreenListing } from '../application/green-listing.ts';
import type { TimerKind } from '../application/ports.ts';
import type { ConsentName, SellerName } from '../domain/names.ts';
import { transactionOn } from './store.ts';

export const timerActs = (ring: KeyRing): Readonly<Record<TimerKind, TimerHandler>> => ({
  CONSENT_EXPIRY: async (em, subject, now) =>
    expireConsent(
      transactionOn(em, await tenantOf(em), ring),
      subject as ConsentName,
      origin('CONSENT_EXPIRY', now),
    ),
  GREEN_LISTING_END: async (em, subject, now) =>
    endGreenListing(
      transactionOn(em, await tenantOf(em), ring),
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

/** The worker has set it for the transaction. */
async function tenantOf(em: EntityManager): Promise<Tenant> {
  const { rows } = await sql<{ tenant: Tenant }>(
    em,
    `select current_setting('app.tenant') as tenant`,
  );
  return rows[0]?.tenant as Tenant;
}
