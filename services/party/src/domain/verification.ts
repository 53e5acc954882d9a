/**
 * What an operator or a bank has checked of a seller: licence, owners, controllers and net assets, each
 * with its document. It counts for so many months from the day of the check as the policy says.
 */
import {
  addMonths,
  businessDayOf,
  type CalendarDate,
  type FieldViolation,
  type Money,
} from '@lianbao/kernel';
import type { DocumentReference } from './document.ts';
import { citizenNumberFault, creditCodeFault } from './identity.ts';
import { fieldsInvalid, refusals } from './refusals.ts';
import type { ControllerRole, Standing } from './seller.ts';

export const verificationDocumentKinds = [
  'LICENCE',
  'OWNERS',
  'CONTROLLERS',
  'NET_ASSETS',
] as const;
export type VerificationDocumentKind = (typeof verificationDocumentKinds)[number];

export interface VerificationDocument {
  readonly kind: VerificationDocumentKind;
  readonly document: DocumentReference;
}

/** As given: of the identity number only its keyed hash is kept. */
export interface ControllerGiven {
  readonly role: ControllerRole;
  readonly identityNumber: string;
  readonly holdingBps: number;
}

export interface Verification {
  readonly documents: readonly VerificationDocument[];
  readonly controllers: readonly ControllerGiven[];
  /** May be negative. */
  readonly netAssets: Money;
  readonly netAssetsDate: CalendarDate;
  readonly verificationDate: CalendarDate;
}

const holdingBpsMax = 10_000;

/** Refuses what is incomplete, out of date or no identity; returns what is then on file. */
export function verify(
  verification: Verification,
  monthsMax: number,
  keyOf: (identityNumber: string) => string,
  now: Date,
): Standing {
  const { documents, controllers, netAssets, netAssetsDate, verificationDate } = verification;
  const today = businessDayOf(now);
  const violations = [
    ...documentViolations(documents),
    ...controllerViolations(controllers),
    ...dateViolations('net_assets_date', netAssetsDate, monthsMax, today),
    ...dateViolations('verification_date', verificationDate, monthsMax, today),
  ];
  if (violations.length > 0) throw fieldsInvalid(violations);
  const given = documents.map(({ kind }) => kind);
  const missing = verificationDocumentKinds.filter((kind) => !given.includes(kind));
  if (missing.length > 0) throw refusals.DOCUMENT_MISSING({ documentKind: missing.join(',') });
  return {
    controllers: controllers.map(({ role, identityNumber, holdingBps }) => ({
      role,
      key: keyOf(identityNumber),
      holdingBps,
    })),
    netAssets,
    netAssetsDate,
    verifiedUntil: addMonths(verificationDate, monthsMax),
  };
}

function documentViolations(documents: readonly VerificationDocument[]): readonly FieldViolation[] {
  const kinds = documents.map(({ kind }) => kind);
  return kinds.flatMap((kind, index) =>
    kinds.indexOf(kind) === index
      ? []
      : [
          {
            field: `documents[${index}].kind`,
            description: 'is there twice',
            reason: 'documents.unique',
          },
        ],
  );
}

function controllerViolations(controllers: readonly ControllerGiven[]): readonly FieldViolation[] {
  const places = controllers.map(({ role, identityNumber }) => `${role} ${identityNumber}`);
  const violations = controllers.flatMap(({ identityNumber }, index): FieldViolation[] => {
    const field = `controllers[${index}].identity_number`;
    const faults = [citizenNumberFault(identityNumber), creditCodeFault(identityNumber)];
    if (!faults.includes(undefined)) {
      const description = `is no citizen identity number (${faults[0]}) and no unified social credit code (${faults[1]})`;
      return [{ field, description, reason: 'identity_number.neither' }];
    }
    return places.indexOf(places[index] as string) === index
      ? []
      : [{ field, description: 'has this role twice', reason: 'controllers.unique' }];
  });
  const heldBps = controllers
    .filter(({ role }) => role === 'HOLDER')
    .reduce((sum, { holdingBps }) => sum + holdingBps, 0);
  if (heldBps <= holdingBpsMax) return violations;
  const description = `add up to ${heldBps} bps among holders, more than ${holdingBpsMax}`;
  return [...violations, { field: 'controllers', description, reason: 'controllers.holdings' }];
}

function dateViolations(
  field: string,
  date: CalendarDate,
  monthsMax: number,
  today: CalendarDate,
): readonly FieldViolation[] {
  if (date > today) {
    return [{ field, description: 'lies in the future', reason: `${field}.past` }];
  }
  if (addMonths(date, monthsMax) < today) {
    const description = `is older than ${monthsMax} months`;
    return [{ field, description, reason: `${field}.age` }];
  }
  return [];
}
