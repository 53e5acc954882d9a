import { sql } from '@lianbao/persistence';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Champion, ConsentUse, ViewRows } from '../application/ports.ts';
import type { ScorePolicy } from '../domain/score-refusal.ts';

const policyColumns = `hash, (content #>> '{credit,monthsWithSalesMin}')::int as months_min,
  (content #>> '{credit,recordAgeDaysMax}')::int as record_days_max,
  (content #>> '{decision,scoreAgeDaysMax}')::int as score_days_max`;

interface PolicyRow {
  readonly hash: string;
  readonly months_min: number;
  readonly record_days_max: number;
  readonly score_days_max: number;
}

const policyFrom = (row: PolicyRow): ScorePolicy => ({
  hash: row.hash,
  monthsWithSalesMin: row.months_min,
  recordAgeDaysMax: row.record_days_max,
  scoreAgeDaysMax: row.score_days_max,
});

const liveConsent = (use: Record<'seller' | 'lender' | 'purpose' | 'kind' | 'now', string>) =>
  `select from consent_view where seller = ${use.seller} and purpose = ${use.purpose}
     and ${use.kind} = any (data_kinds) and ${use.lender} = any (recipients)
     and not is_ended and expires_at > ${use.now}`;

/** `policyZero` is in force before the first policy is activated. */
export const viewRowsOn = (em: EntityManager, policyZero: ScorePolicy): ViewRows => ({
  sellerInView: async (seller) => {
    const { rows } = await sql<{ is_blocked: boolean; legal_person_key: string }>(
      em,
      'select is_blocked, legal_person_key from seller_view where seller = $1',
      [seller],
    );
    const [row] = rows;
    return row && { isBlocked: row.is_blocked, legalPersonKey: row.legal_person_key };
  },

  rememberSeller: async (seller, { isBlocked, legalPersonKey }) => {
    await sql(
      em,
      `insert into seller_view (seller, legal_person_key, is_blocked) values ($1, $2, $3)
       on conflict do nothing`,
      [seller, legalPersonKey, isBlocked],
    );
  },

  hasConsentInView: async (uses, now) => {
    const column = (of: (use: ConsentUse) => string) => uses.map(of);
    const { rows } = await sql<{ live: boolean }>(
      em,
      `select exists (
         select from unnest($1::text[], $2::text[], $3::text[], $4::text[])
           as u (seller, lender, purpose, kind)
          where exists (${liveConsent({
            ...{ seller: 'u.seller', lender: 'u.lender', purpose: 'u.purpose', kind: 'u.kind' },
            now: '$5',
          })})) as live`,
      [
        column(({ seller }) => seller),
        column(({ lender }) => lender),
        column(({ purpose }) => purpose),
        column(({ dataKind }) => dataKind),
        now,
      ],
    );
    return rows[0]?.live === true;
  },

  policyInForce: async (now) => {
    const { rows } = await sql<PolicyRow>(
      em,
      `select ${policyColumns} from policy_view where effective_at <= $1
        order by effective_at desc, number desc limit 1`,
      [now],
    );
    return rows[0] === undefined ? policyZero : policyFrom(rows[0]);
  },

  championNow: async () => {
    const { rows } = await sql<{ name: string; artefact_hash: string }>(
      em,
      `select name, artefact_hash from score_model_version where state = 'CHAMPION'`,
    );
    return rows[0] && { name: rows[0].name, artefactHash: rows[0].artefact_hash };
  },

  lookForApplication: async ({ application, round, use, policyHash, now }) => {
    const { rows } = await sql<{
      is_answered: boolean;
      is_blocked: boolean | null;
      has_consent: boolean;
      policy: PolicyRow | null;
      champion: Champion | null;
    }>(
      em,
      `select
         exists (select from application_answer where application = $1 and round = $2) as is_answered,
         (select is_blocked from seller_view where seller = $3) as is_blocked,
         exists (${liveConsent({ seller: '$3', lender: '$4', purpose: '$5', kind: '$6', now: '$7' })})
           as has_consent,
         (select to_jsonb(p) from (select ${policyColumns} from policy_view where hash = $8) as p)
           as policy,
         (select jsonb_build_object('name', name, 'artefactHash', artefact_hash)
            from score_model_version where state = 'CHAMPION') as champion`,
      [application, round, use.seller, use.lender, use.purpose, use.dataKind, now, policyHash],
    );
    const [row] = rows as [(typeof rows)[number]];
    const isZero = policyHash === policyZero.hash;
    return {
      isAnswered: row.is_answered,
      isBlocked: row.is_blocked ?? undefined,
      hasConsent: row.has_consent,
      policy: row.policy === null ? (isZero ? policyZero : undefined) : policyFrom(row.policy),
      champion: row.champion ?? undefined,
    };
  },
});
