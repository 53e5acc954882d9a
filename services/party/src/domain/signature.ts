/**
 * When a person's electronic signature counts (ESL 13, 14): it covers the document named, the signatory
 * is the person whose act it is, the provider is one the market relies on, it is fresh, and the provider
 * says how it checked who signs.
 */
import type { DocumentReference } from './document.ts';
import { refusals } from './refusals.ts';

export interface SignatureEvidence {
  /** Resource name of who signed. */
  readonly signatory: string;
  readonly document: DocumentReference;
  readonly provider: string;
  readonly certificateSerial: string;
  /** SHA-256 of what was signed, lower-case hex. */
  readonly signedHash: string;
  readonly identityCheck: string;
  readonly signTime: Date;
}

export const signatureAgeMsMax = 15 * 60_000;

type Check = 'SIGNATORY' | 'SIGNED_HASH' | 'PROVIDER' | 'SIGN_TIME' | 'IDENTITY_CHECK';

/** Refuses SIGNATURE_NOT_RELIABLE with the first check that failed; names who should have signed. */
export function requireReliable(
  evidence: SignatureEvidence,
  signatory: string,
  providers: readonly string[],
  now: Date,
): void {
  const ageMs = now.getTime() - evidence.signTime.getTime();
  const holds: Readonly<Record<Check, boolean>> = {
    SIGNATORY: evidence.signatory === signatory,
    SIGNED_HASH: evidence.signedHash === evidence.document.sha256,
    PROVIDER: providers.includes(evidence.provider),
    SIGN_TIME: ageMs >= 0 && ageMs <= signatureAgeMsMax,
    IDENTITY_CHECK: evidence.identityCheck !== '',
  };
  const failedCheck = (Object.keys(holds) as Check[]).find((check) => !holds[check]);
  if (failedCheck !== undefined) throw refusals.SIGNATURE_NOT_RELIABLE({ signatory, failedCheck });
}
