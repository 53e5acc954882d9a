import { sql } from '@lianbao/persistence';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Decisions, StoredRecord } from '../application/ports.ts';
import { readCanonical } from '../domain/decision/canonical.ts';
import type { DecisionRecord } from '../domain/decision/decide.ts';
import type { Facts } from '../domain/decision/facts.ts';
import { refusals } from '../domain/refusals.ts';
import { firstPolicy } from '../rpc/first-policy.ts';
import { type ApplicationRow, applicationOf } from './application-row.ts';
import { conditionalWrite, lostRace } from './application-store.ts';
import { timeOf } from './columns.ts';
import { decisionStatement, decisionValues } from './decision-statement.ts';
import { type EvidenceColumns, evidenceRowOf } from './evidence-store.ts';

interface GroundRow {
  readonly uid: string | null;
  readonly answers: readonly EvidenceColumns[] | null;
  readonly obligor_fen: string;
  readonly connected_fen: string;
  readonly programme_fen: string;
  readonly active_version: string | null;
  readonly active_hash: string | null;
}

interface Row {
  readonly number: number;
  readonly mode: string;
  readonly facts: string;
  readonly record: string;
  readonly created_at: string;
}

export function decisionsOn(em: EntityManager, changed: (uid: string) => void): Decisions {
  const records = async (text: string, values: readonly unknown[]) => {
    const { rows } = await sql<Row>(em, text, values);
    return rows.map(storedOf);
  };

  return {
    decidingGround: async (uid, month) => {
      const { rows } = await sql<ApplicationRow & GroundRow>(
        em,
        `select (g.locked).*, g.answers, g.obligor_fen, g.connected_fen, g.programme_fen,
           g.active_version, g.active_hash from deciding_ground($1, $2) as g`,
        [uid, month],
      );
      const [row] = rows;
      if (row === undefined || row.uid === null) return undefined;
      const { active_version: version, active_hash: hash } = row;
      return {
        application: applicationOf(row),
        evidence: (row.answers ?? []).map(evidenceRowOf),
        obligorFen: BigInt(row.obligor_fen),
        connectedFen: BigInt(row.connected_fen),
        programmeFen: BigInt(row.programme_fen),
        policy:
          version === null || hash === null
            ? { version: firstPolicy.version, hash: firstPolicy.content.hash }
            : { version, hash },
      };
    },

    recordDecision: async (decision) => {
      const { from, to, offered } = decision;
      const written = await conditionalWrite(to, () =>
        sql(em, decisionStatement(decision), decisionValues(decision)),
      );
      if (written.rows.length > 0) {
        changed(from.uid);
        return true;
      }
      // The row lock is held, so that only the reservation can have failed.
      if (offered === undefined) throw lostRace(from);
      return false;
    },

    decision: async (uid, number) => {
      const text = 'select * from decision where application_uid = $1 and number = $2';
      const [found] = await records(text, [uid, number]);
      return found;
    },

    decisionRow: async (uid, number) => {
      const { rows } = await sql<Row & { readonly last_number: number }>(
        em,
        `select *, (select max(number) from decision where application_uid = $1) as last_number
           from decision where application_uid = $1 and number = $2`,
        [uid, number],
      );
      const [found] = rows;
      if (found === undefined) return undefined;
      const { facts, record, mode, created_at, last_number } = found;
      const row = { number: found.number, mode, createTime: timeOf(created_at) };
      return { facts, record, row, lastNumber: last_number };
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

    giveBack: async ({ uid, lender, product }, month, amountFen) => {
      await sql(
        em,
        `with ended as (delete from exposure where application_uid = $1)
         update programme_use set approved_fen = approved_fen - $5
          where lender = $2 and product = $3 and month = $4`,
        [uid, lender, product, month, amountFen],
      );
    },
  };
}

const numberMax = 2 ** 31 - 1;

function readNumber(text: string): number {
  if (!/^[0-9]{1,9}$/.test(text)) throw refusals.PAGE_TOKEN_INVALID();
  return Number(text);
}

const storedOf = ({ facts, record }: Row): StoredRecord => ({
  facts: readCanonical<Facts>(facts),
  record: readCanonical<DecisionRecord>(record),
});
