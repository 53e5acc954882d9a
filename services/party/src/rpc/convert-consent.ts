/** Consents between wire and domain. */
import type { MessageInitShape } from '@bufbuild/protobuf';
import {
  type ConsentSchema,
  type ConsentVerdictSchema,
  type CreateConsentRequest,
  ConsentCause as WireCause,
  DataKind as WireDataKind,
  ConsentForm as WireForm,
  ConsentPurpose as WirePurpose,
  type ConsentQuery as WireQuery,
  ConsentState as WireState,
} from '@lianbao/api/lianbao/party/v1/party_service_pb';
import { readEnum, readTimestamp, toTimestamp } from '@lianbao/grpc';
import type { ConsentGiven } from '../application/create-consent.ts';
import type {
  Consent,
  ConsentCause,
  ConsentForm,
  ConsentPurpose,
  ConsentQuery,
  ConsentState,
  ConsentVerdict,
  DataKind,
} from '../domain/consent.ts';
import type { ConsentName } from '../domain/names.ts';
import { readSignature, toSignature } from './convert-document.ts';
import { readLenderName } from './convert-partner.ts';

const wirePurposes: Readonly<Record<ConsentPurpose, WirePurpose>> = {
  SCORING: WirePurpose.SCORING,
  SHARE_WITH_LENDER: WirePurpose.SHARE_WITH_LENDER,
};

const wireDataKinds: Readonly<Record<DataKind, WireDataKind>> = {
  INVOICES: WireDataKind.INVOICES,
  SCORES: WireDataKind.SCORES,
};

const wireForms: Readonly<Record<ConsentForm, WireForm>> = {
  GENERAL: WireForm.GENERAL,
  SEPARATE: WireForm.SEPARATE,
  WRITTEN: WireForm.WRITTEN,
};

const wireStates: Readonly<Record<ConsentState, WireState>> = {
  GRANTED: WireState.GRANTED,
  WITHDRAWN: WireState.WITHDRAWN,
  EXPIRED: WireState.EXPIRED,
};

const wireCauses: Readonly<Record<ConsentCause, WireCause>> = {
  NONE: WireCause.NONE,
  WITHDRAWN: WireCause.WITHDRAWN,
  EXPIRED: WireCause.EXPIRED,
};

// The patterns of names stand in the proto files and were checked before.
export const readConsentName = (name: string): ConsentName => name as ConsentName;

const readDataKinds = (kinds: readonly WireDataKind[], field: string): readonly DataKind[] =>
  kinds.map((kind, index) => readEnum(wireDataKinds, kind, `${field}[${index}]`));

export const readConsentGiven = (request: CreateConsentRequest): ConsentGiven => ({
  name: readConsentName(`${request.parent}/consents/${request.consentId}`),
  purpose: readEnum(wirePurposes, request.purpose, 'purpose'),
  dataKinds: readDataKinds(request.dataKinds, 'data_kinds'),
  recipients: request.recipients.map(readLenderName),
  form: readEnum(wireForms, request.form, 'form'),
  textVersion: request.textVersion,
  signature: readSignature(request.signature, 'signature'),
  expireTime: readTimestamp(request.expireTime, 'expire_time'),
});

export const readQueries = (queries: readonly WireQuery[]): readonly ConsentQuery[] =>
  queries.map(({ purpose, dataKinds }, index) => ({
    purpose: readEnum(wirePurposes, purpose, `queries[${index}].purpose`),
    dataKinds: readDataKinds(dataKinds, `queries[${index}].data_kinds`),
  }));

export const toPurpose = (purpose: ConsentPurpose): WirePurpose => wirePurposes[purpose];
export const toDataKind = (kind: DataKind): WireDataKind => wireDataKinds[kind];

export const toConsent = (consent: Consent): MessageInitShape<typeof ConsentSchema> => ({
  name: consent.name,
  uid: consent.uid,
  state: wireStates[consent.state],
  purpose: toPurpose(consent.purpose),
  dataKinds: consent.dataKinds.map(toDataKind),
  recipients: [...consent.recipients],
  form: wireForms[consent.form],
  textVersion: consent.textVersion,
  signature: toSignature(consent.signature),
  ...(consent.withdrawTime && { withdrawTime: toTimestamp(consent.withdrawTime) }),
  createTime: toTimestamp(consent.createTime),
  updateTime: toTimestamp(consent.updateTime),
  expireTime: toTimestamp(consent.expireTime),
  etag: String(consent.revision),
});

export const toVerdict = (
  verdict: ConsentVerdict,
): MessageInitShape<typeof ConsentVerdictSchema> =>
  verdict.live
    ? { live: true, consent: verdict.consent, expireTime: toTimestamp(verdict.expireTime) }
    : { live: false, cause: wireCauses[verdict.cause] };
