/**
 * The yearly rate as a sum of terms, each stored: base rate, funding and cost, expected loss, spread
 * of the class; the sum goes up to the next whole basis point (decisions.md 3).
 */
import { ceilDivide, ppmPerBps, ppmUpToBps } from '@lianbao/kernel';
import { classOfGrade, type Policy } from './policy.ts';

type PriceTermCode = 'LPR' | 'FUNDING_AND_COST' | 'EXPECTED_LOSS' | 'CLASS_SPREAD' | 'ROUNDING';

export interface PriceTerm {
  readonly code: PriceTermCode;
  readonly ratePpm: bigint;
}

/** Undefined for class D and for a grade that the policy does not price. */
export function priceTerms(
  { rate, credit }: Policy,
  { grade, pdPpm }: { readonly grade: string; readonly pdPpm: bigint },
): readonly PriceTerm[] | undefined {
  const creditClass = classOfGrade(grade);
  if (creditClass === undefined || creditClass === 'D') return undefined;
  const terms: PriceTerm[] = [
    { code: 'LPR', ratePpm: rate.lprPpm },
    { code: 'FUNDING_AND_COST', ratePpm: BigInt(credit.fundingAndCostBps) * ppmPerBps },
    { code: 'EXPECTED_LOSS', ratePpm: ceilDivide(pdPpm * BigInt(credit.lgdBps), 10_000n) },
    { code: 'CLASS_SPREAD', ratePpm: BigInt(credit.classes[creditClass].spreadBps) * ppmPerBps },
  ];
  const exact = rateOf(terms);
  return [...terms, { code: 'ROUNDING', ratePpm: ppmUpToBps(exact) - exact }];
}

export const rateOf = (terms: readonly PriceTerm[]): bigint =>
  terms.reduce((sum, { ratePpm }) => sum + ratePpm, 0n);

/** EL = EAD x PD x LGD, rounded up, with the principal as exposure at default. */
export const expectedLossFen = (principalFen: bigint, pdPpm: bigint, lgdBps: number): bigint =>
  ceilDivide(principalFen * pdPpm * BigInt(lgdBps), 1_000_000n * 10_000n);
