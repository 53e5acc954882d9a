/**
 * A decision is written in one statement: the application, what was decided and on what, the evidence
 * that came with it, and of an offer also its row, the exposure under every key of control, and the
 * programme's amount. That one is reserved first, and nothing else happens where it is not to be had.
 */
import type { NewDecision } from '../application/ports.ts';
import { recordText } from '../domain/decision/decide.ts';
import { factsText } from '../domain/decision/facts.ts';
import { controlKeys } from '../domain/submission.ts';
import { firstFree, updateApplication, updateValues } from './application-row.ts';
import { orNull } from './columns.ts';
import { evidenceValueCount, evidenceValues, updateEvidence } from './evidence-store.ts';
import { insertOffer, offerValues } from './offer-row.ts';

type Parts = Pick<NewDecision, 'arrived' | 'offered'>;

const statements = new Map<string, string>();

/** One of four texts: with or without evidence, with or without an offer. */
export function decisionStatement({ arrived, offered }: Parts): string {
  const key = `${arrived !== undefined} ${offered !== undefined}`;
  const known = statements.get(key) ?? statementWith(arrived !== undefined, offered !== undefined);
  statements.set(key, known);
  return known;
}

export const decisionValues = ({
  from,
  to,
  facts,
  decided: { record },
  arrived,
  offered,
}: NewDecision): unknown[] => [
  ...updateValues(from, to),
  ...[record.number, record.mode, factsText(facts), recordText(record), to.updateTime],
  ...(arrived === undefined ? [] : evidenceValues(arrived)),
  ...(offered === undefined
    ? []
    : [
        ...[to.lender, to.product, offered.month, orNull(offered.mostFen)],
        ...[to.frozen.legalPersonKey, controlKeys(to.frozen), offered.offer.terms.principalFen],
        ...offerValues(offered.offer),
      ]),
];

const decisionValueCount = 5;
const exposureValueCount = 7;

function statementWith(hasEvidence: boolean, hasOffer: boolean): string {
  const afterDecision = firstFree + decisionValueCount;
  const afterEvidence = afterDecision + (hasEvidence ? evidenceValueCount : 0);
  const parts = [
    hasOffer ? `reserved as (${reserve(afterEvidence)})` : [],
    `changed as (${updateApplication(hasOffer ? 'and exists (select from reserved)' : '')})`,
    `decided as (${insertDecision(firstFree)})`,
    hasEvidence
      ? `arrived as (${updateEvidence(afterDecision, '= (select uid from changed)')})`
      : [],
    hasOffer ? `exposed as (${insertExposure(afterEvidence)})` : [],
    hasOffer ? `offered as (${insertOffer(afterEvidence + exposureValueCount)})` : [],
  ].flat();
  return `with ${parts.join(', ')} select uid from changed`;
}

/** Number, mode, facts, record, time. */
const insertDecision = (first: number): string =>
  `insert into decision (application_uid, number, mode, facts, record, created_at)
   select uid, $${first}::integer, $${first + 1}, $${first + 2}, $${first + 3},
     $${first + 4}::timestamptz from changed`;

/** Lender, product, month, what there may be at most; the amount is the exposure's. */
const reserve = (first: number): string =>
  `insert into programme_use as used (lender, product, month, approved_fen)
   values ($${first}, $${first + 1}, $${first + 2}, $${first + 6})
   on conflict (tenant, lender, product, month)
     do update set approved_fen = used.approved_fen + excluded.approved_fen
      where $${first + 3}::bigint is null
         or used.approved_fen + excluded.approved_fen <= $${first + 3}
   returning approved_fen`;

/** The lender stands first among the same parameters; then the obligor's key, all keys, the amount. */
const insertExposure = (first: number): string =>
  `insert into exposure (lender, key, application_uid, is_obligor, amount_fen)
   select $${first}, key, uid, key = $${first + 4}, $${first + 6}::bigint
     from changed, unnest($${first + 5}::text[]) as control (key)`;
