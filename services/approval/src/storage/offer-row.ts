import type { CalendarDate, Uid } from '@lianbao/kernel';
import { fen } from '@lianbao/kernel';
import type { Instalment } from '@lianbao/loan-math';
import type { Offer } from '../domain/offer.ts';
import { orNull, timeOf } from './columns.ts';

export interface OfferRow {
  readonly uid: string;
  readonly name: string;
  readonly decision_number: number;
  readonly lender: string;
  readonly state: Offer['state'];
  readonly principal_fen: string;
  readonly term_months: number;
  readonly repayment_method: Offer['terms']['repaymentMethod'];
  readonly annual_rate_ppm: string;
  readonly lpr_month: string;
  readonly spread_bps: number;
  readonly all_in_simple_ppm: string;
  readonly all_in_compound_ppm: string;
  readonly conventions: Offer['terms']['conventions'];
  readonly start_date: string;
  readonly total_interest_fen: string;
  readonly plan_hash: string;
  readonly instalments: readonly InstalmentColumn[];
  readonly replaced_by: string | null;
  readonly created_at: string;
  readonly expire_at: string;
  readonly revision: string;
}

/** Number, due date, and fen of principal, interest and what is still owed, as text. */
type InstalmentColumn = readonly [number, string, string, string, string];

/** A table's `date` as text, whatever the driver's parser. */
export const offerColumns = 'offer.*, start_date::text as start_date';

const columns = [
  'uid',
  'name',
  'decision_number',
  'lender',
  'state',
  'principal_fen',
  'term_months',
  'repayment_method',
  'annual_rate_ppm',
  'lpr_month',
  'spread_bps',
  'all_in_simple_ppm',
  'all_in_compound_ppm',
  'conventions',
  'start_date',
  'total_interest_fen',
  'plan_hash',
  'instalments',
  'replaced_by',
  'created_at',
  'expire_at',
  'revision',
] as const;

const types: Readonly<Partial<Record<(typeof columns)[number], string>>> = {
  uid: 'uuid',
  decision_number: 'integer',
  principal_fen: 'bigint',
  term_months: 'integer',
  annual_rate_ppm: 'bigint',
  spread_bps: 'integer',
  all_in_simple_ppm: 'bigint',
  all_in_compound_ppm: 'bigint',
  conventions: 'jsonb',
  start_date: 'date',
  total_interest_fen: 'bigint',
  instalments: 'jsonb',
  created_at: 'timestamptz',
  expire_at: 'timestamptz',
  revision: 'bigint',
};

/** For the application in `changed`; its parameters begin at `first`. */
export const insertOffer = (first: number): string =>
  `insert into offer (application_uid, ${columns.join(', ')})
   select changed.uid, ${columns
     .map((column, index) => `$${first + index}::${types[column] ?? 'text'}`)
     .join(', ')} from changed`;

export const offerValues = ({ terms, instalments, ...offer }: Offer): unknown[] => [
  offer.uid,
  offer.name,
  offer.decisionNumber,
  offer.lender,
  offer.state,
  terms.principalFen,
  terms.termMonths,
  terms.repaymentMethod,
  terms.annualRatePpm,
  terms.lprMonth,
  terms.spreadBps,
  terms.allInSimplePpm,
  terms.allInCompoundPpm,
  JSON.stringify(terms.conventions),
  terms.startDate,
  terms.totalInterestFen,
  terms.planHash,
  JSON.stringify(instalments.map(columnOf)),
  orNull(offer.replacedBy),
  offer.createTime,
  offer.expireTime,
  offer.revision,
];

export const offerOf = (row: OfferRow): Offer => ({
  uid: row.uid as Uid,
  name: row.name,
  decisionNumber: row.decision_number,
  lender: row.lender,
  state: row.state,
  terms: {
    principalFen: BigInt(row.principal_fen),
    termMonths: row.term_months,
    repaymentMethod: row.repayment_method,
    annualRatePpm: BigInt(row.annual_rate_ppm),
    lprMonth: row.lpr_month,
    spreadBps: row.spread_bps,
    allInSimplePpm: BigInt(row.all_in_simple_ppm),
    allInCompoundPpm: BigInt(row.all_in_compound_ppm),
    conventions: row.conventions,
    startDate: row.start_date as CalendarDate,
    totalInterestFen: BigInt(row.total_interest_fen),
    planHash: row.plan_hash,
  },
  instalments: row.instalments.map(instalmentOf),
  replacedBy: row.replaced_by ?? undefined,
  createTime: timeOf(row.created_at),
  expireTime: timeOf(row.expire_at),
  revision: BigInt(row.revision),
});

const columnOf = (instalment: Instalment): InstalmentColumn => [
  instalment.number,
  instalment.dueDate,
  String(instalment.principal.minorUnits),
  String(instalment.interest.minorUnits),
  String(instalment.outstanding.minorUnits),
];

const instalmentOf = ([
  number,
  dueDate,
  principal,
  interest,
  left,
]: InstalmentColumn): Instalment => ({
  number,
  dueDate: dueDate as CalendarDate,
  principal: fen(BigInt(principal)),
  interest: fen(BigInt(interest)),
  total: fen(BigInt(principal) + BigInt(interest)),
  outstanding: fen(BigInt(left)),
});
