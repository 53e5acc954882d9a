/**
 * The limit waterfall: every upper bound of what may be lent, of which the least binds. It is
 * rounded down to the policy's step; below the product's smallest loan there is none.
 */
import { roundedRatio } from '@lianbao/kernel';
import type { DeclineCode } from './decline-codes.ts';
import type { ScoreContent } from './evidence.ts';
import type { Facts } from './facts.ts';
import { classOfGrade, type Policy } from './policy.ts';
import type { ProductTerms } from './product.ts';

export type LimitCode =
  | 'REQUESTED'
  | 'PRODUCT'
  | 'CLASS_CAP'
  | 'SCORING'
  | 'OBLIGOR'
  | 'CONNECTED'
  | 'PROGRAMME';

export interface LimitLine {
  readonly code: LimitCode;
  readonly amountFen: bigint;
}

export interface Waterfall {
  readonly lines: readonly LimitLine[];
  /** The least line that is known. */
  readonly binding: LimitLine;
  /** Lines that could be lower still: their facts are not known. */
  readonly unknown: readonly LimitCode[];
  /** The least, rounded down to the step. */
  readonly amountFen: bigint;
}

/** What a decline says when this line leaves less than the smallest loan. */
export const declineOfLimit: Readonly<Record<LimitCode, DeclineCode>> = {
  REQUESTED: 'AMOUNT_UNSUPPORTED',
  PRODUCT: 'AMOUNT_UNSUPPORTED',
  CLASS_CAP: 'AMOUNT_UNSUPPORTED',
  SCORING: 'SALES_TOO_LOW',
  OBLIGOR: 'BORROWER_LIMIT_REACHED',
  CONNECTED: 'CONNECTED_LIMIT_REACHED',
  PROGRAMME: 'LENDER_LIMIT_REACHED',
};

interface LimitInputs {
  readonly facts: Facts;
  readonly product: ProductTerms;
  readonly policy: Policy;
  /** Undefined when there is none, or it is too old to count. */
  readonly score: ScoreContent | undefined;
  /** False when the records behind the score are too thin or too old. */
  readonly recordsSuffice: boolean;
}

/** An amount, none at all (`NONE`: no such limit), or undefined: a fact is missing. */
type Line = (inputs: LimitInputs) => bigint | 'NONE' | undefined;

export const limitLines: Readonly<Record<LimitCode, Line>> = {
  REQUESTED: ({ facts }) => facts.application.requestedAmountFen,
  PRODUCT: ({ product }) => product.amountMaxFen,
  CLASS_CAP: ({ policy, score }) => {
    const creditClass = score && classOfGrade(score.grade);
    if (creditClass === undefined) return undefined;
    // Class D is declined by its own rule, whatever the amount.
    return creditClass === 'D' ? 'NONE' : policy.credit.classes[creditClass].amountMaxFen;
  },
  SCORING: ({ score, recordsSuffice }) => {
    if (score === undefined || !recordsSuffice) return undefined;
    return classOfGrade(score.grade) === 'D' ? 'NONE' : score.suggestedLimitFen;
  },
  OBLIGOR: ({ facts, policy }) =>
    ofCapital(facts, policy.lender.singleBorrowerCapitalBpsMax, facts.exposure.obligorFen),
  CONNECTED: ({ facts, policy }) =>
    ofCapital(facts, policy.lender.connectedCapitalBpsMax, facts.exposure.connectedFen),
  PROGRAMME: ({ facts, policy }) => {
    const most = policy.lender.programmeLimitsFen.get(facts.application.product);
    return most === undefined ? 'NONE' : atLeastZero(most - facts.exposure.programmeFen);
  },
};

export function waterfall(inputs: LimitInputs): Waterfall {
  const lines: LimitLine[] = [];
  const unknown: LimitCode[] = [];
  for (const [code, line] of Object.entries(limitLines) as [LimitCode, Line][]) {
    const amountFen = line(inputs);
    if (amountFen === undefined) unknown.push(code);
    else if (amountFen !== 'NONE') lines.push({ code, amountFen });
  }
  const binding = lines.reduce((low, each) => (each.amountFen < low.amountFen ? each : low));
  const step = inputs.policy.credit.limitStepFen;
  const amountFen = roundedRatio(binding.amountFen, step, 'DOWN') * step;
  return { lines, binding, unknown, amountFen };
}

/** capital x bps / 10^4, rounded down, less what is lent already. */
const ofCapital = ({ lender: { capitalFen } }: Facts, bps: number, usedFen: bigint): bigint =>
  atLeastZero(roundedRatio(capitalFen * BigInt(bps), 10_000n, 'DOWN') - usedFen);

const atLeastZero = (amountFen: bigint): bigint => (amountFen < 0n ? 0n : amountFen);
