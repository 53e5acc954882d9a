import { expect, it } from 'vitest';
import { requireReliable, type SignatureEvidence, signatureAgeMsMax } from './signature.ts';

const now = new Date('2026-11-25T02:00:00Z');
const signatory = 'platforms/p/sellers/s';
const sha256 = 'a'.repeat(64);

// As old as it may be, so that each case below steps over one edge only.
const evidence: SignatureEvidence = {
  signatory,
  document: { location: 'x', sha256, mediaType: 'application/pdf', sizeBytes: 1n },
  provider: 'local-sign',
  certificateSerial: '0A1B2C3D',
  signedHash: sha256,
  identityCheck: 'FACE_AND_ID',
  signTime: new Date(now.getTime() - signatureAgeMsMax),
};

const check = (change: Partial<SignatureEvidence> = {}) =>
  requireReliable({ ...evidence, ...change }, signatory, ['other-sign', 'local-sign'], now);

it('counts when it meets every check, at its greatest age and at none', () => {
  expect(() => check()).not.toThrow();
  expect(() => check({ signTime: now })).not.toThrow();
});

it.each<[string, Partial<SignatureEvidence>]>([
  ['SIGNATORY', { signatory: 'platforms/p/sellers/t' }],
  ['SIGNED_HASH', { signedHash: 'b'.repeat(64) }],
  ['PROVIDER', { provider: 'another-sign' }],
  ['SIGN_TIME', { signTime: new Date(now.getTime() - signatureAgeMsMax - 1) }],
  ['SIGN_TIME', { signTime: new Date(now.getTime() + 1) }],
  ['IDENTITY_CHECK', { identityCheck: '' }],
])('does not count when %s fails, and says who should have signed', (failedCheck, change) => {
  expect(() => check(change)).toThrow(
    expect.objectContaining({
      reason: 'SIGNATURE_NOT_RELIABLE',
      facts: { signatory, failedCheck },
    }),
  );
});
