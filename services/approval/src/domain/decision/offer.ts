/**
 * A priced offer with its repayment plan, as if paid out on the day it is made. The all-in rate is
 * what the borrower really pays; against the cap the greater of its simple and its compound form is
 * held, so that the offer is within it under either reading.
 */
import { type CalendarDate, ceilDivide, contentHash, fen, ppmPerBps } from '@lianbao/kernel';
import {
  allInRate,
  type Conventions,
  type Instalment,
  plan,
  planFlows,
  type RepaymentMethod,
} from '@lianbao/loan-math';
import type { Policy } from './policy.ts';

export interface OfferTerms {
  readonly principalFen: bigint;
  readonly termMonths: number;
  readonly repaymentMethod: RepaymentMethod;
  readonly annualRatePpm: bigint;
  readonly lprMonth: string;
  /** Over the base rate; negative when below it. */
  readonly spreadBps: number;
  readonly allInSimplePpm: bigint;
  readonly allInCompoundPpm: bigint;
  readonly conventions: Conventions;
  readonly startDate: CalendarDate;
  readonly totalInterestFen: bigint;
  /** SHA-256 of the instalments. */
  readonly planHash: string;
}

interface OfferRequest {
  readonly principalFen: bigint;
  readonly termMonths: number;
  readonly repaymentMethod: RepaymentMethod;
  readonly annualRatePpm: bigint;
  readonly startDate: CalendarDate;
  readonly conventions: Conventions;
}

export interface PricedOffer {
  readonly terms: OfferTerms;
  readonly instalments: readonly Instalment[];
}

/** Undefined when no plan repays such a loan, or its all-in rate is not one number. */
export function priceOffer(request: OfferRequest, policy: Policy): PricedOffer | undefined {
  const { principalFen, termMonths, repaymentMethod, annualRatePpm, startDate, conventions } =
    request;
  const planned = plan({
    principal: fen(principalFen),
    ratePpm: annualRatePpm,
    termMonths,
    method: repaymentMethod,
    startDate,
    conventions,
  });
  if (!planned.ok) return undefined;
  const { instalments } = planned;
  const allIn = allInRate(planFlows(fen(principalFen), startDate, instalments), {
    grid: 'MONTHLY',
  });
  if (!allIn.ok) return undefined;
  const terms: OfferTerms = {
    principalFen,
    termMonths,
    repaymentMethod,
    annualRatePpm,
    lprMonth: policy.rate.lprMonth,
    spreadBps: Number(ceilDivide(annualRatePpm - policy.rate.lprPpm, ppmPerBps)),
    allInSimplePpm: allIn.simplePpm,
    allInCompoundPpm: allIn.compoundPpm,
    conventions,
    startDate,
    totalInterestFen: instalments.reduce((sum, { interest }) => sum + interest.minorUnits, 0n),
    planHash: planHash(instalments),
  };
  return { terms, instalments };
}

/** The rate that is held against the cap. */
export const allInPpm = ({ allInSimplePpm, allInCompoundPpm }: OfferTerms): bigint =>
  allInSimplePpm > allInCompoundPpm ? allInSimplePpm : allInCompoundPpm;

export const planHash = (instalments: readonly Instalment[]): string =>
  contentHash(
    instalments.map(({ number, dueDate, principal, interest }) => [
      number,
      dueDate,
      String(principal.minorUnits),
      String(interest.minorUnits),
    ]),
  );
