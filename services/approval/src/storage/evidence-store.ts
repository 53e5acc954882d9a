import type { Uid } from '@lianbao/kernel';
import { sha256 } from '@lianbao/kernel';
import { sql } from '@lianbao/persistence';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { ArrivedRow, EvidenceRow, EvidenceRows } from '../application/ports.ts';
import { readCanonical } from '../domain/decision/canonical.ts';
import { answerText, type EvidenceAnswer, type EvidenceKind } from '../domain/decision/evidence.ts';
import { timeOrNone } from './columns.ts';

export interface EvidenceColumns {
  readonly application_uid: string;
  readonly kind: EvidenceKind;
  readonly round: number;
  readonly state: EvidenceRow['state'];
  readonly content: string | null;
  readonly arrived_at: string | null;
}

/** Of the application that `uid` is a condition on; parameters begin at `first`. Only what is awaited changes. */
export const updateEvidence = (first: number, uid: string): string =>
  `update evidence set state = $${first}, content = $${first + 1}, content_hash = $${first + 2},
     arrived_at = $${first + 3}::timestamptz
    where application_uid ${uid} and round = $${first + 4} and kind = $${first + 5}
      and state = 'AWAITED'`;

export function evidenceValues({ state, answer, arriveTime, round, kind }: ArrivedRow): unknown[] {
  const { contentHash, ...content } = answer;
  return [state, answerText(content as EvidenceAnswer), contentHash, arriveTime, round, kind];
}

/** So many parameters. */
export const evidenceValueCount = 6;

export const evidenceOn = (em: EntityManager): EvidenceRows => ({
  awaitEvidence: async (uid, round, kinds) => {
    await sql(
      em,
      `insert into evidence (application_uid, round, kind, state)
       select $1, $2, kind, 'AWAITED' from unnest($3::text[]) as wanted (kind)`,
      [uid, round, kinds],
    );
  },

  saveEvidence: async (uid, row) => {
    await sql(em, updateEvidence(2, '= $1'), [uid, ...evidenceValues(row)]);
  },

  evidenceOf: async (uid) => {
    const { rows } = await sql<EvidenceColumns>(
      em,
      'select * from evidence where application_uid = $1 order by round, kind',
      [uid],
    );
    return rows.map(evidenceRowOf);
  },

  storedEvidence: async (uid) => {
    const { rows } = await sql<EvidenceColumns & { readonly content_hash: string | null }>(
      em,
      'select * from evidence where application_uid = $1 order by round, kind',
      [uid],
    );
    return rows.map(({ kind, round, state, content, content_hash }) => ({
      kind,
      round,
      state,
      storedHash: content_hash ?? undefined,
      contentHash: content === null ? undefined : sha256(content),
    }));
  },

  evidenceOfMany: async (uids) => {
    const { rows } = await sql<EvidenceColumns>(
      em,
      'select * from evidence where application_uid = any ($1) order by round, kind',
      [uids],
    );
    const groups = Map.groupBy(rows, ({ application_uid }) => application_uid as Uid);
    return new Map([...groups].map(([uid, ofOne]) => [uid, ofOne.map(evidenceRowOf)]));
  },
});

/** The hash is that of what stands there now, not the stored one. */
export const evidenceRowOf = ({
  kind,
  round,
  state,
  content,
  arrived_at,
}: EvidenceColumns): EvidenceRow => ({
  kind,
  round,
  state,
  answer:
    content === null
      ? undefined
      : { ...readCanonical<EvidenceAnswer>(content), contentHash: sha256(content) },
  arriveTime: timeOrNone(arrived_at),
});
