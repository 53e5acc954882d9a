import { sql } from '@lianbao/persistence';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Decisions, StoredRecord } from '../application/ports.ts';
import { readCanonical } from '../domain/decision/canonical.ts';
import { type DecisionRecord, recordText } from '../domain/decision/decide.ts';
import { type Facts, factsText } from '../domain/decision/facts.ts';
import { refusals } from '../domain/refusals.ts';
import { controlKeys } from '../domain/submission.ts';
import { firstPolicy } from '../rpc/first-policy.ts';
import { firstFree, updateApplication, updateValues } from './application-row.ts';
import { conditionalWrite, lostRace } from './application-store.ts';
import { insertOffer, offerValues } from './offer-row.ts';

interface GroundRow {
  readonly obligor_fen: string;
  readonly connected_fen: string;
  readonly programme_fen: string;
  readonly policy_version: string | null;
  readonly policy_hash: string | null;
}

interface Row {
  readonly number: number;
  readonly facts: string;
  readonly record: string;
}

const free = (index: number): string => `$${firstFree + index}`;

const insertDecision = `insert into decision (application_uid, number, mode, facts, record, created_at)
  select uid, ${free(0)}::integer, ${free(1)}, ${free(2)}, ${free(3)}, ${free(4)}::timestamptz from changed`;

const insertExposure = `insert into exposure (lender, key, application_uid, is_obligor, amount_fen)
  select ${free(5)}, key, uid, key = ${free(6)}, ${free(7)}::bigint
    from changed, unnest(${free(8)}::text[]) as control (key)`;

const recordWithoutOffer = `with changed as (${updateApplication}),
  decided as (${insertDecision})
  select uid from changed`;

const recordWithOffer = `with changed as (${updateApplication}),
  decided as (${insertDecision}),
  exposed as (${insertExposure}),
  offered as (${insertOffer(firstFree + 9)})
  select uid from changed`;

export function decisionsOn(em: EntityManager, changed: (uid: string) => void): Decisions {
  const records = async (text: string, values: readonly unknown[]) => {
    const { rows } = await sql<Row>(em, text, values);
    return rows.map(storedOf);
  };

  return {
    decidingGround: async (application, month) => {
      const { frozen, lender, uid, product } = application;
      const keys = controlKeys(frozen);
      const { rows } = await sql<GroundRow>(
        em,
        'select * from deciding_ground($1, $2, $3, $4, $5, $6)',
        [lender, uid, frozen.legalPersonKey, keys, product, month],
      );
      const [row] = rows as [GroundRow];
      const { policy_version: version, policy_hash: hash } = row;
      return {
        obligorFen: BigInt(row.obligor_fen),
        connectedFen: BigInt(row.connected_fen),
        programmeFen: BigInt(row.programme_fen),
        policy:
          version === null || hash === null
            ? { version: firstPolicy.version, hash: firstPolicy.content.hash }
            : { version, hash },
      };
    },

    reserveProgramme: async ({ lender, product, month }, amountFen, mostFen) => {
      const { rows } = await sql(
        em,
        `insert into programme_use as used (lender, product, month, approved_fen)
         values ($1, $2, $3, $4)
         on conflict (tenant, lender, product, month)
           do update set approved_fen = used.approved_fen + excluded.approved_fen
            where $5::bigint is null or used.approved_fen + excluded.approved_fen <= $5
         returning approved_fen`,
        [lender, product, month, amountFen, mostFen ?? null],
      );
      return rows.length > 0;
    },

    recordDecision: async (from, to, facts, { record }, offer) => {
      const values = [
        ...updateValues(from, to),
        record.number,
        record.mode,
        factsText(facts),
        recordText(record),
        to.updateTime,
      ];
      const written = await conditionalWrite(to, () =>
        offer === undefined
          ? sql(em, recordWithoutOffer, values)
          : sql(em, recordWithOffer, [
              ...values,
              to.lender,
              to.frozen.legalPersonKey,
              offer.terms.principalFen,
              controlKeys(to.frozen),
              ...offerValues(offer),
            ]),
      );
      if (written.rows.length === 0) throw lostRace(from);
      changed(from.uid);
    },

    decision: async (uid, number) => {
      const [found] = await records(oneDecision, [uid, number]);
      return found;
    },

    decisionText: async (uid, number) => {
      const { rows } = await sql<Row>(em, oneDecision, [uid, number]);
      return rows[0];
    },

    decisions: async (uid, { size, after }) => {
      const found = await records(
        `select * from decision where application_uid = $1 and number < $2
          order by number desc limit $3`,
        [uid, after === undefined ? numberMax : readNumber(after), size + 1],
      );
      const items = found.slice(0, size);
      const last = items[items.length - 1];
      return { items, next: found.length > size ? String(last?.record.number) : undefined };
    },

    lastDecisions: (count) =>
      records(`select * from decision where mode = 'AUTOMATIC' order by created_at desc limit $1`, [
        count,
      ]),

    endExposure: async (uid) => {
      await sql(em, 'delete from exposure where application_uid = $1', [uid]);
    },
  };
}

const oneDecision = 'select * from decision where application_uid = $1 and number = $2';

const numberMax = 2 ** 31 - 1;

function readNumber(text: string): number {
  if (!/^[0-9]{1,9}$/.test(text)) throw refusals.PAGE_TOKEN_INVALID();
  return Number(text);
}

const storedOf = ({ facts, record }: Row): StoredRecord => ({
  facts: readCanonical<Facts>(facts),
  record: readCanonical<DecisionRecord>(record),
});
