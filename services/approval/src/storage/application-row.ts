/** The columns of an application, by hand: every one of them passes here four times. */
import type { Uid } from '@lianbao/kernel';
import { type Application, type Frozen, platformOf } from '../domain/application.ts';
import { orNull, timeOf, timeOrNone } from './columns.ts';

interface OwnColumns {
  readonly uid: string;
  readonly name: string;
  readonly external_reference: string | null;
  readonly seller: string;
  readonly lender: string;
  readonly product: string;
  readonly requested_amount_fen: string;
  readonly term_months: number;
  readonly purpose_code: string;
  readonly repayment_method: Application['repaymentMethod'];
  readonly consents: string[];
  readonly review_of: string | null;
  readonly state: Application['state'];
  readonly round: number;
  readonly revision: string;
  readonly evidence_due_at: string | null;
  readonly expire_at: string | null;
  readonly submitted_at: string | null;
  readonly decided_at: string | null;
  readonly decision_number: number;
  readonly reasons: Application['reasons'];
  readonly created_at: string;
  readonly updated_at: string;
}

interface FrozenColumns {
  readonly legal_person_key: string;
  readonly controller_keys: string[];
  readonly green: boolean;
  readonly lender_capital_fen: string;
  readonly product_version: string;
  readonly product_hash: string;
  readonly policy_version: string;
  readonly policy_hash: string;
  readonly inputs_hash: string;
}

/** The frozen columns are there all or none. */
export type ApplicationRow = OwnColumns &
  (FrozenColumns | { readonly [Column in keyof FrozenColumns]: null });

const fixedColumns = [
  'uid',
  'name',
  'platform',
  'external_reference',
  'seller',
  'lender',
  'product',
  'requested_amount_fen',
  'term_months',
  'purpose_code',
  'repayment_method',
  'consents',
  'review_of',
  'created_at',
] as const;

const changingColumns = [
  'state',
  'round',
  'revision',
  'legal_person_key',
  'controller_keys',
  'green',
  'lender_capital_fen',
  'product_version',
  'product_hash',
  'policy_version',
  'policy_hash',
  'inputs_hash',
  'evidence_due_at',
  'expire_at',
  'submitted_at',
  'decided_at',
  'decision_number',
  'reasons',
  'updated_at',
] as const;

const columns = [...fixedColumns, ...changingColumns];
const places = columns.map((_, index) => `$${index + 1}`);

export const insertApplication = `insert into application (${columns.join(', ')})
  values (${places.join(', ')}) on conflict do nothing returning uid`;

export const applicationValues = (application: Application): unknown[] => [
  application.uid,
  application.name,
  platformOf(application.name),
  orNull(application.externalReference),
  application.seller,
  application.lender,
  application.product,
  application.requestedAmountFen,
  application.termMonths,
  application.purposeCode,
  application.repaymentMethod,
  application.consents,
  orNull(application.reviewOf),
  application.createTime,
  ...changingValues(application),
];

const assignments = changingColumns.map((column, index) => `${column} = $${index + 4}`);

/** Sets all that may change, where uid, state and revision ($1 to $3) are still those that were read. */
export const updateApplication = (and = ''): string =>
  `update application set ${assignments.join(', ')}
    where uid = $1 and state = $2 and revision = $3 ${and} returning uid`;

/** The first parameter that is free after `updateApplication`. */
export const firstFree = changingColumns.length + 4;

export const updateValues = (from: Application, to: Application): unknown[] => [
  from.uid,
  from.state,
  from.revision,
  ...changingValues(to),
];

function changingValues(application: Application): unknown[] {
  const { frozen } = application;
  return [
    application.state,
    application.round,
    application.revision,
    orNull(frozen?.legalPersonKey),
    orNull(frozen?.controllerKeys),
    orNull(frozen?.green),
    orNull(frozen?.lenderCapitalFen),
    orNull(frozen?.product.version),
    orNull(frozen?.product.hash),
    orNull(frozen?.policy.version),
    orNull(frozen?.policy.hash),
    orNull(frozen?.inputsHash),
    orNull(application.evidenceDueTime),
    orNull(application.expireTime),
    orNull(application.submitTime),
    orNull(application.decideTime),
    application.decisionNumber,
    JSON.stringify(application.reasons),
    application.updateTime,
  ];
}

export const applicationOf = (row: ApplicationRow): Application => ({
  uid: row.uid as Uid,
  name: row.name,
  externalReference: row.external_reference ?? undefined,
  seller: row.seller,
  lender: row.lender,
  product: row.product,
  requestedAmountFen: BigInt(row.requested_amount_fen),
  termMonths: row.term_months,
  purposeCode: row.purpose_code,
  repaymentMethod: row.repayment_method,
  consents: row.consents,
  reviewOf: row.review_of ?? undefined,
  state: row.state,
  round: row.round,
  revision: BigInt(row.revision),
  frozen: frozenOf(row),
  evidenceDueTime: timeOrNone(row.evidence_due_at),
  expireTime: timeOrNone(row.expire_at),
  submitTime: timeOrNone(row.submitted_at),
  decideTime: timeOrNone(row.decided_at),
  decisionNumber: row.decision_number,
  reasons: row.reasons,
  createTime: timeOf(row.created_at),
  updateTime: timeOf(row.updated_at),
});

function frozenOf(row: ApplicationRow): Frozen | undefined {
  if (row.legal_person_key === null) return undefined;
  return {
    legalPersonKey: row.legal_person_key,
    controllerKeys: row.controller_keys,
    green: row.green,
    lenderCapitalFen: BigInt(row.lender_capital_fen),
    product: { version: row.product_version, hash: row.product_hash },
    policy: { version: row.policy_version, hash: row.policy_hash },
    inputsHash: row.inputs_hash,
  };
}
