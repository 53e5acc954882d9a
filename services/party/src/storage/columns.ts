/** Where domain values and columns meet. Int8 and timestamptz come as text, dates as `YYYY-MM-DD`. */
import type { DocumentReference } from '../domain/document.ts';
import type { SignatureEvidence } from '../domain/signature.ts';

export interface DocumentColumn {
  readonly location: string;
  readonly sha256: string;
  readonly mediaType: string;
  readonly sizeBytes: string;
}

export const documentColumn = (document: DocumentReference): DocumentColumn => ({
  location: document.location,
  sha256: document.sha256,
  mediaType: document.mediaType,
  sizeBytes: String(document.sizeBytes),
});

export const documentOf = (column: DocumentColumn): DocumentReference => ({
  ...column,
  sizeBytes: BigInt(column.sizeBytes),
});

export type SignatureColumn = Omit<SignatureEvidence, 'document' | 'signTime'> & {
  readonly document: DocumentColumn;
  readonly signTime: string;
};

export const signatureColumn = (evidence: SignatureEvidence): SignatureColumn => ({
  ...evidence,
  document: documentColumn(evidence.document),
  signTime: evidence.signTime.toISOString(),
});

export const signatureOf = (column: SignatureColumn): SignatureEvidence => ({
  ...column,
  document: documentOf(column.document),
  signTime: new Date(column.signTime),
});
