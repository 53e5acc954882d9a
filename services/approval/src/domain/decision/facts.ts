/**
 * All that one decision rests on, kept with it as canonical JSON. What did not come is absent. The
 * green channel is not among the facts: it orders queues and shortens waiting, and decides nothing.
 */
import { type AuthorityLevel, sha256 } from '@lianbao/kernel';
import type { RepaymentMethod } from '@lianbao/loan-math';
import { canonicalText } from './canonical.ts';
import type { EvidenceKind, HashedAnswer } from './evidence.ts';

/** What a person at the lender wants, within the limits of its authority. */
export type PersonAct =
  | {
      readonly kind: 'OFFER';
      readonly person: string;
      readonly level: AuthorityLevel;
      readonly note: string;
      readonly principalFen: bigint;
      readonly termMonths: number;
      readonly annualRatePpm: bigint;
      readonly repaymentMethod: RepaymentMethod;
    }
  | {
      readonly kind: 'DECLINE';
      readonly person: string;
      readonly level: AuthorityLevel;
      readonly note: string;
      readonly reasonCodes: readonly string[];
    };

/** A version, named by the SHA-256 of its content. */
export interface VersionRef {
  readonly version: string;
  readonly hash: string;
}

export interface Facts {
  /** Counts the decisions on one application, from 1. */
  readonly decisionNumber: number;
  /** ISO time. */
  readonly decideTime: string;
  readonly application: {
    readonly name: string;
    readonly round: number;
    readonly product: string;
    readonly requestedAmountFen: bigint;
    readonly termMonths: number;
    readonly purposeCode: string;
    readonly repaymentMethod: RepaymentMethod;
    readonly inputsHash: string;
    readonly reviewOf: string | undefined;
  };
  readonly lender: { readonly name: string; readonly capitalFen: bigint };
  /** Of this lender, without the application itself. */
  readonly exposure: {
    readonly obligorFen: bigint;
    /** All firms under the same control, the obligor included. */
    readonly connectedFen: bigint;
    /** In offers for the product made this calendar month and not ended. */
    readonly programmeFen: bigint;
  };
  readonly product: VersionRef;
  readonly policy: VersionRef;
  readonly awaited: readonly EvidenceKind[];
  readonly evidence: { readonly [Kind in EvidenceKind]?: HashedAnswer<Kind> };
  /** Absent in an automatic decision. */
  readonly act: PersonAct | undefined;
}

export const factsText = (facts: Facts): string => canonicalText(facts);
export const factsHash = (facts: Facts): string => sha256(factsText(facts));

export const missingEvidence = ({ awaited, evidence }: Facts): readonly EvidenceKind[] =>
  awaited.filter((kind) => evidence[kind] === undefined);
