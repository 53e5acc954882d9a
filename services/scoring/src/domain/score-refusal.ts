/** Why there is no score. RISK is a no; DATA means that something is not known, and a person looks. */
import { dayIndex } from '@lianbao/kernel';
import type { Facts } from './feature.ts';

export type ScoreRefusalReason =
  | 'CONSENT_MISSING'
  | 'SELLER_BLOCKED'
  | 'CHAMPION_MISSING'
  | 'ARTEFACT_CORRUPT'
  | 'RECORDS_TOO_THIN'
  | 'RECORDS_STALE';

export type RefusalGround = 'RISK' | 'DATA';

export const groundOf: Readonly<Record<ScoreRefusalReason, RefusalGround>> = {
  CONSENT_MISSING: 'RISK',
  SELLER_BLOCKED: 'RISK',
  CHAMPION_MISSING: 'DATA',
  ARTEFACT_CORRUPT: 'DATA',
  RECORDS_TOO_THIN: 'DATA',
  RECORDS_STALE: 'DATA',
};

/** What of the credit policy bears on a score. */
export interface ScorePolicy {
  readonly hash: string;
  readonly monthsWithSalesMin: number;
  readonly recordAgeDaysMax: number;
  readonly scoreAgeDaysMax: number;
}

export type RecordFault = 'RECORDS_TOO_THIN' | 'RECORDS_STALE';

/** Both may hold. A seller without any record is too thin, not stale. */
export function recordFaults(facts: Facts, policy: ScorePolicy): readonly RecordFault[] {
  const faults: RecordFault[] = [];
  if (facts.monthly.monthsWithSales < policy.monthsWithSalesMin || facts.sale.count === 0) {
    faults.push('RECORDS_TOO_THIN');
  }
  const { newestRecordDay } = facts;
  const ageDays = newestRecordDay === undefined ? 0 : dayIndex(facts.asOf) - newestRecordDay;
  if (ageDays > policy.recordAgeDaysMax) faults.push('RECORDS_STALE');
  return faults;
}

export interface Ground {
  /** Why the consent does not hold; undefined: it does. */
  readonly consentFault: ConsentFault | undefined;
  readonly isBlocked: boolean;
}

export type ConsentFault = 'NONE' | 'WITHDRAWN' | 'EXPIRED';

/** What stands against a score whatever the records say. */
export const personFaults = ({
  consentFault,
  isBlocked,
}: Ground): readonly ScoreRefusalReason[] => [
  ...(consentFault === undefined ? [] : (['CONSENT_MISSING'] as const)),
  ...(isBlocked ? (['SELLER_BLOCKED'] as const) : []),
];
