/** What party says of sellers and consents, kept as this service's own copies. */
import {
  ConsentExpiredSchema,
  ConsentGrantedSchema,
  ConsentWithdrawnSchema,
  SellerBlockedSchema,
  SellerRegisteredSchema,
  SellerUnblockedSchema,
} from '@lianbao/api/lianbao/party/v1/party_events_pb';
import { ConsentPurpose, DataKind } from '@lianbao/api/lianbao/party/v1/party_service_pb';
import { on, type Subscription, topicName } from '@lianbao/events';
import { readTimestamp } from '@lianbao/grpc';
import { sql } from '@lianbao/persistence';
import type { EntityManager } from '@mikro-orm/postgresql';

/** A block is of the legal person: it holds for its sellers on every platform. */
async function setBlocked(
  em: EntityManager,
  { seller, legalPersonKey }: { readonly seller: string; readonly legalPersonKey: string },
  isBlocked: boolean,
): Promise<void> {
  await sql(
    em,
    `with seller as (
       insert into seller_view (seller, legal_person_key, is_blocked) values ($1, $2, $3)
       on conflict (tenant, seller) do update set is_blocked = excluded.is_blocked)
     update seller_view set is_blocked = $3 where legal_person_key = $2 and seller <> $1`,
    [seller, legalPersonKey, isBlocked],
  );
}

export const sellerEvents: Subscription = {
  group: 'scoring.sellers',
  topic: topicName('seller'),
  handlers: [
    on(SellerRegisteredSchema, async (em, { seller, legalPersonKey }) => {
      // Whoever asked party before this came may have its row already.
      await sql(
        em,
        `insert into seller_view (seller, legal_person_key, is_blocked) values ($1, $2, false)
         on conflict do nothing`,
        [seller, legalPersonKey],
      );
    }),
    on(SellerBlockedSchema, (em, event) => setBlocked(em, event, true)),
    on(SellerUnblockedSchema, (em, event) => setBlocked(em, event, false)),
  ],
};

const end = async (em: EntityManager, consent: string): Promise<void> => {
  await sql(em, 'update consent_view set is_ended = true where consent = $1', [consent]);
};

export const consentEvents: Subscription = {
  group: 'scoring.consents',
  topic: topicName('consent'),
  handlers: [
    on(ConsentGrantedSchema, async (em, event) => {
      await sql(
        em,
        `insert into consent_view (consent, seller, purpose, data_kinds, recipients, expires_at, is_ended)
         values ($1, $2, $3, $4, $5, $6, false) on conflict do nothing`,
        [
          event.consent,
          event.seller,
          purposeNames[event.purpose] ?? '',
          event.dataKinds.map((kind) => kindNames[kind] ?? ''),
          event.recipients,
          readTimestamp(event.expireTime, 'expire_time'),
        ],
      );
    }),
    on(ConsentWithdrawnSchema, (em, { consent }) => end(em, consent)),
    on(ConsentExpiredSchema, (em, { consent }) => end(em, consent)),
  ],
};

/** Purposes and kinds that this service asks for; any other is kept as nothing. */
const purposeNames: Readonly<Record<number, string>> = {
  [ConsentPurpose.SCORING]: 'SCORING',
  [ConsentPurpose.SHARE_WITH_LENDER]: 'SHARE_WITH_LENDER',
};

const kindNames: Readonly<Record<number, string>> = {
  [DataKind.INVOICES]: 'INVOICES',
  [DataKind.SCORES]: 'SCORES',
};
