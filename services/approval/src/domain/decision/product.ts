/** What a product allows. The content of a version never changes; decisions name it by its hash. */
import { sha256 } from '@lianbao/kernel';
import type { Conventions, RepaymentMethod } from '@lianbao/loan-math';
import { canonicalText } from './canonical.ts';
import type { EvidenceKind } from './evidence.ts';

/** What a loan stands on. */
export type Ground = 'CREDIT';

export interface ProductTerms {
  readonly lenders: readonly string[];
  readonly grounds: readonly Ground[];
  readonly amountMinFen: bigint;
  readonly amountMaxFen: bigint;
  readonly termMonthsMin: number;
  readonly termMonthsMax: number;
  readonly repaymentMethods: readonly RepaymentMethod[];
  readonly purposes: readonly string[];
  readonly conventions: Conventions;
}

const evidenceOf: Readonly<Record<Ground, readonly EvidenceKind[]>> = { CREDIT: ['SCORE'] };

/** What an application for this product waits for. */
export const evidenceWanted = ({ grounds }: ProductTerms): readonly EvidenceKind[] => [
  ...new Set(grounds.flatMap((ground) => evidenceOf[ground])),
];

export const productHash = (terms: ProductTerms): string => sha256(canonicalText(terms));
