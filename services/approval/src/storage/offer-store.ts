import { resourceUid, type Tenant } from '@lianbao/kernel';
import { byCreateTime, pageStart, slicedBy, sql } from '@lianbao/persistence';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Offers } from '../application/ports.ts';
import { orNull } from './columns.ts';
import { type OfferRow, offerColumns, offerOf } from './offer-row.ts';

export function offersOn(em: EntityManager, tenant: Tenant): Offers {
  const find = async (condition: string, values: readonly unknown[]) => {
    const text = `select ${offerColumns} from offer where ${condition}`;
    const { rows } = await sql<OfferRow>(em, text, values);
    return rows.map(offerOf);
  };

  return {
    openOffer: async (uid) => {
      const [offer] = await find(`application_uid = $1 and state = 'OPEN'`, [uid]);
      return offer;
    },

    offer: async (name) => {
      const [offer] = await find('uid = $1', [resourceUid(tenant, name)]);
      return offer;
    },

    offerOfDecision: async (uid, number) => {
      const [offer] = await find('application_uid = $1 and decision_number = $2', [uid, number]);
      return offer;
    },

    offers: async (uid, slice) => {
      const start = pageStart(slice);
      const offers = await find(
        `application_uid = $1
           and ($2::timestamptz is null or (created_at, uid) < ($2, $3::uuid))
         order by created_at desc, uid desc limit $4`,
        [uid, orNull(start?.createdAt), orNull(start?.uid), slice.size + 1],
      );
      return slicedBy(offers, slice.size, byCreateTime);
    },

    // Under the application's row lock.
    saveOffer: async ({ uid, state, replacedBy, revision }) => {
      await sql(em, 'update offer set state = $2, replaced_by = $3, revision = $4 where uid = $1', [
        uid,
        state,
        orNull(replacedBy),
        revision,
      ]);
    },
  };
}
