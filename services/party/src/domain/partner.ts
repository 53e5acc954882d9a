/** Platforms and lenders: the partners of the market, kept by its operator. */
import {
  businessDayOf,
  type CalendarDate,
  type FieldViolation,
  type Money,
  type Uid,
} from '@lianbao/kernel';
import { creditCodeFault } from './identity.ts';
import type { LenderName, PlatformName } from './names.ts';
import { fieldsInvalid } from './refusals.ts';

export interface Platform {
  readonly name: PlatformName;
  readonly uid: Uid;
  readonly displayName: string;
  readonly legalPersonKey: string;
  readonly createTime: Date;
  readonly updateTime: Date;
  readonly revision: bigint;
}

export type Licence = 'BANK' | 'LICENSED';

export interface Lender {
  readonly name: LenderName;
  readonly uid: Uid;
  readonly displayName: string;
  readonly legalPersonKey: string;
  readonly licence: Licence;
  /** Net capital, the base of the exposure limits. */
  readonly capital: Money;
  readonly capitalDate: CalendarDate;
  /** Platforms that the lender takes applications from, sorted. */
  readonly whitelist: readonly PlatformName[];
  readonly createTime: Date;
  readonly updateTime: Date;
  readonly revision: bigint;
}

export function requireCreditCode(identityNumber: string): void {
  const violations = creditCodeViolations(identityNumber);
  if (violations.length > 0) throw fieldsInvalid(violations);
}

/** Refuses a capital that is not positive or of a day to come, and a wrong identity number. */
export function requireLender(
  identityNumber: string,
  capital: Money,
  capitalDate: CalendarDate,
  now: Date,
): void {
  const violations = [...creditCodeViolations(identityNumber)];
  if (capital.minorUnits <= 0n) {
    violations.push({
      field: 'capital',
      description: 'has to be more than zero',
      reason: 'capital.positive',
    });
  }
  if (capitalDate > businessDayOf(now)) {
    violations.push({
      field: 'capital_date',
      description: 'lies in the future',
      reason: 'capital_date.past',
    });
  }
  if (violations.length > 0) throw fieldsInvalid(violations);
}

function creditCodeViolations(identityNumber: string): readonly FieldViolation[] {
  const fault = creditCodeFault(identityNumber);
  return fault === undefined
    ? []
    : [
        {
          field: 'identity_number',
          description: 'is no unified social credit code (GB 32100)',
          reason: `identity_number.${fault.toLowerCase()}`,
        },
      ];
}

/** The lender with the platform on its list, or off it; the same object when nothing changes. */
export function listPlatform(
  lender: Lender,
  platform: PlatformName,
  listed: boolean,
  now: Date,
): Lender {
  if (lender.whitelist.includes(platform) === listed) return lender;
  const whitelist = listed
    ? [...lender.whitelist, platform].sort()
    : lender.whitelist.filter((name) => name !== platform);
  return { ...lender, whitelist, updateTime: now, revision: lender.revision + 1n };
}
