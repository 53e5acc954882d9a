import type { Uid } from '@lianbao/kernel';
import { sha256 } from '@lianbao/kernel';
import { sql } from '@lianbao/persistence';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { EvidenceRow, EvidenceRows } from '../application/ports.ts';
import { readCanonical } from '../domain/decision/canonical.ts';
import { answerText, type EvidenceAnswer, type EvidenceKind } from '../domain/decision/evidence.ts';
import { timeOrNone } from './columns.ts';

interface Row {
  readonly application_uid: string;
  readonly kind: EvidenceKind;
  readonly round: number;
  readonly state: EvidenceRow['state'];
  readonly content: string | null;
  readonly arrived_at: string | null;
}

export const evidenceOn = (em: EntityManager): EvidenceRows => ({
  awaitEvidence: async (uid, round, kinds) => {
    await sql(
      em,
      `insert into evidence (application_uid, round, kind, state)
       select $1, $2, kind, 'AWAITED' from unnest($3::text[]) as wanted (kind)`,
      [uid, round, kinds],
    );
  },

  takeEvidence: async (uid, row) => {
    const { kind, round, state, answer, arriveTime } = row;
    const { contentHash, ...content } = answer;
    // The rows that are read are those before the change: the one that changed is put in below.
    const { rows } = await sql<Row & { readonly taken: boolean }>(
      em,
      `with taken as (
         update evidence set state = $4, content = $5, content_hash = $6, arrived_at = $7
          where application_uid = $1 and round = $2 and kind = $3 and state = 'AWAITED'
         returning kind
       )
       select e.*, e.kind in (select kind from taken) as taken
         from evidence as e where application_uid = $1 and round = $2`,
      [uid, round, kind, state, answerText(content as EvidenceAnswer), contentHash, arriveTime],
    );
    return {
      taken: rows.some(({ taken }) => taken),
      rows: rows.map((each) => (each.taken ? row : evidenceRowOf(each))),
    };
  },

  evidenceOf: async (uid) => {
    const { rows } = await sql<Row>(
      em,
      'select * from evidence where application_uid = $1 order by round, kind',
      [uid],
    );
    return rows.map(evidenceRowOf);
  },

  evidenceOfMany: async (uids) => {
    const { rows } = await sql<Row>(
      em,
      'select * from evidence where application_uid = any ($1) order by round, kind',
      [uids],
    );
    const groups = Map.groupBy(rows, ({ application_uid }) => application_uid as Uid);
    return new Map([...groups].map(([uid, ofOne]) => [uid, ofOne.map(evidenceRowOf)]));
  },
});

/** The hash is that of what stands there now, not the stored one. */
const evidenceRowOf = ({ kind, round, state, content, arrived_at }: Row): EvidenceRow => ({
  kind,
  round,
  state,
  answer:
    content === null
      ? undefined
      : { ...readCanonical<EvidenceAnswer>(content), contentHash: sha256(content) },
  arriveTime: timeOrNone(arrived_at),
});
