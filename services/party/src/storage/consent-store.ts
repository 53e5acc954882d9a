/** Consents are asked for by every application: SQL by hand. */
import { resourceUid, type Tenant, type Uid } from '@lianbao/kernel';
import { byCreateTime, pageStart, slicedBy, sql } from '@lianbao/persistence';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Consents } from '../application/ports.ts';
import type { Consent } from '../domain/consent.ts';
import type { ConsentName } from '../domain/names.ts';
import { refusals } from '../domain/refusals.ts';
import { type SignatureColumn, signatureColumn, signatureOf } from './columns.ts';

interface Row {
  readonly uid: Uid;
  readonly name: ConsentName;
  readonly seller: Consent['seller'];
  readonly state: Consent['state'];
  readonly purpose: Consent['purpose'];
  readonly data_kinds: Consent['dataKinds'];
  readonly recipients: Consent['recipients'];
  readonly form: Consent['form'];
  readonly text_version: string;
  readonly signature: SignatureColumn;
  readonly expire_at: string;
  readonly withdrawn_at: string | null;
  readonly created_at: string;
  readonly updated_at: string;
  readonly revision: string;
}

const columns = `uid, name, seller, state, purpose, data_kinds, recipients, form, text_version,
  signature, expire_at, withdrawn_at, created_at, updated_at, revision`;

interface Fitting {
  readonly name: ConsentName | null;
  readonly state: Consent['state'];
  readonly expire_at: string;
}

export function consentsOn(em: EntityManager, tenant: Tenant): Consents {
  const one = async (name: ConsentName, lock = ''): Promise<Consent | undefined> => {
    const { rows } = await sql<Row>(em, `select ${columns} from consent where uid = $1${lock}`, [
      resourceUid(tenant, name),
    ]);
    return rows[0] && consentOf(rows[0]);
  };

  return {
    consent: (name) => one(name),

    lockConsent: (name) => one(name, ' for update'),

    consents: async (seller, slice, recipient) => {
      const from = pageStart(slice);
      const { rows } = await sql<Row>(
        em,
        `select ${columns} from consent where seller_uid = $1
           and ($2::text is null or $2 = any (recipients))
           and ($3::timestamptz is null or (created_at, uid) < ($3, $4::uuid))
         order by created_at desc, uid desc limit $5`,
        [
          resourceUid(tenant, seller),
          recipient ?? null,
          from?.createdAt ?? null,
          from?.uid ?? null,
          slice.size + 1,
        ],
      );
      return slicedBy(rows.map(consentOf), slice.size, byCreateTime);
    },

    addConsent: async (consent) => {
      const { affected } = await sql(
        em,
        `insert into consent (uid, name, seller, seller_uid, state, purpose, data_kinds, recipients,
           form, text_version, signature, expire_at, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13)
         on conflict do nothing`,
        [
          consent.uid,
          consent.name,
          consent.seller,
          resourceUid(tenant, consent.seller),
          consent.state,
          consent.purpose,
          consent.dataKinds,
          consent.recipients,
          consent.form,
          consent.textVersion,
          JSON.stringify(signatureColumn(consent.signature)),
          consent.expireTime,
          consent.createTime,
        ],
      );
      return affected === 1 ? undefined : one(consent.name);
    },

    saveConsent: async (from, to) => {
      const { affected } = await sql(
        em,
        `update consent set state = $4, withdrawn_at = $5, updated_at = $6, revision = $7
          where uid = $1 and state = $2 and revision = $3`,
        [
          from.uid,
          from.state,
          from.revision,
          to.state,
          to.withdrawTime ?? null,
          to.updateTime,
          to.revision,
        ],
      );
      if (affected === 0) throw refusals.ETAG_MISMATCH({ name: from.name });
    },

    isNamedByLiveConsent: async (seller, recipient, now) => {
      const { rows } = await sql<{ named: boolean }>(
        em,
        `select exists (
           select from consent where seller_uid = $1 and $2 = any (recipients)
              and state = 'GRANTED' and expire_at > $3) as named`,
        [resourceUid(tenant, seller), recipient, now],
      );
      return rows[0]?.named === true;
    },

    fittingConsents: async (seller, recipient, queries, now) => {
      const { rows } = await sql<Fitting>(
        em,
        `select c.name, c.state, c.expire_at
           from unnest($3::text[], $4::text[]) with ordinality as query (purpose, data_kinds, place)
           left join lateral (
             select name, state, expire_at from consent
              where seller_uid = $1 and purpose = query.purpose and $2 = any (recipients)
                and data_kinds @> string_to_array(query.data_kinds, ',')
              order by case when state = 'GRANTED' and expire_at > $5 then expire_at end
                desc nulls last, created_at desc, uid desc
              limit 1) as c on true
          order by query.place`,
        [
          resourceUid(tenant, seller),
          recipient,
          queries.map(({ purpose }) => purpose),
          queries.map(({ dataKinds }) => dataKinds.join(',')),
          now,
        ],
      );
      return rows.map(({ name, state, expire_at }) =>
        name === null ? undefined : { name, state, expireTime: new Date(expire_at) },
      );
    },
  };
}

const consentOf = (row: Row): Consent => ({
  name: row.name,
  uid: row.uid,
  seller: row.seller,
  state: row.state,
  purpose: row.purpose,
  dataKinds: row.data_kinds,
  recipients: row.recipients,
  form: row.form,
  textVersion: row.text_version,
  signature: signatureOf(row.signature),
  expireTime: new Date(row.expire_at),
  withdrawTime: row.withdrawn_at === null ? undefined : new Date(row.withdrawn_at),
  createTime: new Date(row.created_at),
  updateTime: new Date(row.updated_at),
  revision: BigInt(row.revision),
});
