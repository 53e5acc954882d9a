import {
  catalogueRefusals,
  commonRefusals,
  type FieldViolation,
  type Refusal,
} from '@lianbao/kernel';

/** Every reason this service refuses a request: the kind that decides the gRPC status, and its texts. */
export const refusals = {
  ...commonRefusals,
  ...catalogueRefusals('party.lianbao', {
    IDENTITY_TAKEN: [
      'ALREADY_EXISTS',
      '该证件号码在本平台已有商户',
      'this identity is a seller of the platform already',
    ],
    CONSENT_FORM_INVALID: [
      'INVALID',
      '该用途须单独同意或书面同意',
      'this purpose needs a separate or a written consent',
    ],
  }),
};

/** Refuses all faulty fields at once. */
export const fieldsInvalid = (violations: readonly FieldViolation[]): Refusal =>
  refusals.FIELD_INVALID({ field: violations[0]?.field ?? '' }, { violations });

/** Refuses an act on another revision than the caller saw; an act that names none goes on. */
export function requireEtag(
  etag: string | undefined,
  resource: { readonly name: string; readonly revision: bigint },
): void {
  const currentRevision = String(resource.revision);
  if (etag !== undefined && etag !== currentRevision) {
    throw refusals.ETAG_MISMATCH({ name: resource.name, currentRevision });
  }
}

/** Refuses the person who did the first half. Persons are compared as the token names them, normalised. */
export function requireAnotherPerson(proposer: string, person: string): void {
  if (proposer === person) throw refusals.FOUR_EYES_SAME_PERSON({ proposer });
}
