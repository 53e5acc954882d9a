/**
 * What a seller allows to be done with its data: by whom, for what, until when. Sharing with a lender
 * needs a consent of its own or in writing (PIPL 23). Withdrawing it stops new use at once (PIPL 15).
 */
import {
  addMonths,
  businessDayOf,
  type FieldViolation,
  startOfBusinessDay,
  type Uid,
} from '@lianbao/kernel';
import type { ConsentName, LenderName, SellerName } from './names.ts';
import { fieldsInvalid, refusals } from './refusals.ts';
import type { SignatureEvidence } from './signature.ts';

export type ConsentPurpose = 'SCORING' | 'SHARE_WITH_LENDER';
export type DataKind = 'INVOICES' | 'SCORES';
export type ConsentForm = 'GENERAL' | 'SEPARATE' | 'WRITTEN';
export type ConsentState = 'GRANTED' | 'WITHDRAWN' | 'EXPIRED';

export interface Consent {
  readonly name: ConsentName;
  readonly uid: Uid;
  readonly seller: SellerName;
  readonly state: ConsentState;
  readonly purpose: ConsentPurpose;
  readonly dataKinds: readonly DataKind[];
  readonly recipients: readonly LenderName[];
  readonly form: ConsentForm;
  readonly textVersion: string;
  readonly signature: SignatureEvidence;
  readonly expireTime: Date;
  readonly withdrawTime: Date | undefined;
  readonly createTime: Date;
  readonly updateTime: Date;
  readonly revision: bigint;
}

const formsOf: Readonly<Record<ConsentPurpose, readonly ConsentForm[]>> = {
  SCORING: ['GENERAL', 'SEPARATE', 'WRITTEN'],
  SHARE_WITH_LENDER: ['SEPARATE', 'WRITTEN'],
};

const yearsMax = 5;

/** Refuses a form that the purpose does not allow, and an end that is not ahead or more than five years away. */
export function requireConsentTerms(
  { purpose, form, expireTime }: Pick<Consent, 'purpose' | 'form' | 'expireTime'>,
  now: Date,
): void {
  const violation = expiryViolation(expireTime, now);
  if (violation !== undefined) throw fieldsInvalid([violation]);
  if (!formsOf[purpose].includes(form)) throw refusals.CONSENT_FORM_INVALID({ purpose, form });
}

function expiryViolation(expireTime: Date, now: Date): FieldViolation | undefined {
  const field = 'expire_time';
  if (expireTime <= now) {
    return { field, description: 'is not in the future', reason: 'expire_time.future' };
  }
  const today = businessDayOf(now);
  const intoDayMs = now.getTime() - startOfBusinessDay(today).getTime();
  const last = startOfBusinessDay(addMonths(today, yearsMax * 12)).getTime() + intoDayMs;
  return expireTime.getTime() > last
    ? { field, description: `is more than ${yearsMax} years away`, reason: 'expire_time.max' }
    : undefined;
}

/** One that has ended stays as it is: withdrawing is never refused. */
export function withdraw(consent: Consent, now: Date): Consent {
  if (consent.state !== 'GRANTED') return consent;
  const revision = consent.revision + 1n;
  return { ...consent, state: 'WITHDRAWN', withdrawTime: now, updateTime: now, revision };
}

/** Undefined when it has ended already or still has time. */
export function expire(consent: Consent, now: Date): Consent | undefined {
  if (consent.state !== 'GRANTED' || consent.expireTime > now) return undefined;
  return { ...consent, state: 'EXPIRED', updateTime: now, revision: consent.revision + 1n };
}

export interface ConsentQuery {
  readonly purpose: ConsentPurpose;
  readonly dataKinds: readonly DataKind[];
}

export type ConsentCause = 'NONE' | 'WITHDRAWN' | 'EXPIRED';

export type ConsentVerdict =
  | { readonly live: true; readonly consent: ConsentName; readonly expireTime: Date }
  | { readonly live: false; readonly cause: ConsentCause };

/** The verdict on the consent that fits a query best; one past its time has expired, timer or not. */
export function verdictOn(
  consent: Pick<Consent, 'name' | 'state' | 'expireTime'> | undefined,
  now: Date,
): ConsentVerdict {
  if (consent === undefined) return { live: false, cause: 'NONE' };
  if (consent.state !== 'GRANTED') return { live: false, cause: consent.state };
  if (consent.expireTime <= now) return { live: false, cause: 'EXPIRED' };
  return { live: true, consent: consent.name, expireTime: consent.expireTime };
}
