/** Where domain values and columns meet. Int8 and timestamptz come as text, dates as `YYYY-MM-DD`. */
import type { DocumentReference } from '../domain/document.ts';
import { refusals } from '../domain/refusals.ts';
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

/** The page after the key of the last row: newest first, and by uid within one moment. */
export interface PageKey {
  readonly createdAt: Date;
  readonly uid: string;
}

export const pageKeyText = ({ createdAt, uid }: PageKey): string => `${createdAt.getTime()} ${uid}`;

const pageKey = /^(\d{1,15}) ([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/;

/** Refuses a key that was never given: page tokens carry no proof. */
export function pageKeyOf(text: string | undefined): PageKey | undefined {
  if (text === undefined) return undefined;
  const [, ms, uid] = pageKey.exec(text) ?? [];
  if (uid === undefined) throw refusals.PAGE_TOKEN_INVALID({ field: 'page_token' });
  return { createdAt: new Date(Number(ms)), uid };
}

/** Cuts what was read one row past the page. */
export function slicedBy<T>(
  items: readonly T[],
  size: number,
  keyOf: (item: T) => PageKey,
): { readonly items: readonly T[]; readonly next: string | undefined } {
  if (items.length <= size) return { items, next: undefined };
  const page = items.slice(0, size);
  return { items: page, next: pageKeyText(keyOf(page[size - 1] as T)) };
}
