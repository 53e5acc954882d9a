/** Documents and signatures of kernel's messages. */
import type { MessageInitShape } from '@bufbuild/protobuf';
import type {
  DocumentReferenceSchema,
  SignatureEvidenceSchema,
  DocumentReference as WireDocument,
  SignatureEvidence as WireSignature,
} from '@lianbao/api/lianbao/kernel/v1/kernel_pb';
import { fieldInvalid, readTimestamp, toTimestamp } from '@lianbao/grpc';
import type { DocumentReference } from '../domain/document.ts';
import type { SignatureEvidence } from '../domain/signature.ts';

export function readDocument(wire: WireDocument | undefined, field: string): DocumentReference {
  if (wire === undefined) throw fieldInvalid(field, 'required', 'is required');
  const { location, sha256, mediaType, sizeBytes } = wire;
  return { location, sha256, mediaType, sizeBytes };
}

export const toDocument = (
  document: DocumentReference,
): MessageInitShape<typeof DocumentReferenceSchema> => ({ ...document });

export function readSignature(wire: WireSignature | undefined, field: string): SignatureEvidence {
  if (wire === undefined) throw fieldInvalid(field, 'required', 'is required');
  const { signatory, provider, certificateSerial, signedHash, identityCheck } = wire;
  return {
    signatory,
    document: readDocument(wire.document, `${field}.document`),
    provider,
    certificateSerial,
    signedHash,
    identityCheck,
    signTime: readTimestamp(wire.signTime, `${field}.sign_time`),
  };
}

export const toSignature = (
  evidence: SignatureEvidence,
): MessageInitShape<typeof SignatureEvidenceSchema> => ({
  ...evidence,
  document: toDocument(evidence.document),
  signTime: toTimestamp(evidence.signTime),
});
