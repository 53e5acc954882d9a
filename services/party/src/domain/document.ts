/** A document that stays with its owner; here it is known by its hash. */
export interface DocumentReference {
  readonly location: string;
  /** Lower-case hex. */
  readonly sha256: string;
  readonly mediaType: string;
  readonly sizeBytes: bigint;
}
