/** Sums over the decisions of a run. */
import {
  DecisionOutcome,
  DecisionOutcomeSchema,
} from '@lianbao/api/lianbao/approval/v1/approval_service_pb';
import type { Reason } from '@lianbao/api/lianbao/kernel/v1/kernel_pb';
import { readDecimalPpm, readMoney } from '@lianbao/grpc';
import { type Money, sumOf } from '@lianbao/kernel';
import { enumName } from '../enum-name.ts';
import { percentile } from './percentile.ts';
import type { Decided } from './run-demo.ts';

export interface ReasonCount {
  readonly reason: Reason;
  readonly count: number;
}

export interface OutcomeFigures {
  readonly count: number;
  /** The commonest first; an application may have several. */
  readonly reasons: readonly ReasonCount[];
}

export const outcomeFigures = (
  decided: readonly Decided[],
  outcome: DecisionOutcome,
): OutcomeFigures => {
  const those = decided.filter(({ decision }) => decision.outcome === outcome);
  const counts = new Map<string, { reason: Reason; count: number }>();
  for (const reason of those.flatMap(({ decision }) => decision.reasons)) {
    const known = counts.get(reason.code) ?? { reason, count: 0 };
    known.count += 1;
    counts.set(reason.code, known);
  }
  const reasons = [...counts.values()].sort(
    (a, b) => b.count - a.count || (a.reason.code < b.reason.code ? -1 : 1),
  );
  return { count: those.length, reasons };
};

export interface LoanFigures {
  readonly asked: Money;
  readonly offered: Money;
  /** Offers of less than was asked. */
  readonly lessCount: number;
  readonly expectedLoss: Money;
  readonly amounts: readonly Money[];
  /** Yearly, in ppm: ascending. */
  readonly ratesPpm: readonly bigint[];
  /** Code of the limit that binds, and how often. */
  readonly bindingLimits: readonly (readonly [code: string, count: number])[];
}

/** Of the approved. */
export function loanFigures(decided: readonly Decided[]): LoanFigures {
  const loans = decided.flatMap(({ application, decision, offer }) =>
    offer === undefined || decision.outcome !== DecisionOutcome.APPROVED
      ? []
      : [
          {
            asked: readMoney(application.requestedAmount, 'requested_amount'),
            amount: readMoney(offer.principal, 'principal'),
            ratePpm: readDecimalPpm(offer.annualRate, 'annual_rate'),
            expectedLoss: readMoney(decision.expectedLoss, 'expected_loss'),
            bindingLimit: decision.bindingLimit,
          },
        ],
  );
  const binding = Map.groupBy(loans, ({ bindingLimit }) => bindingLimit);
  return {
    asked: sumOf(loans.map(({ asked }) => asked)),
    offered: sumOf(loans.map(({ amount }) => amount)),
    lessCount: loans.filter(({ asked, amount }) => amount.minorUnits < asked.minorUnits).length,
    expectedLoss: sumOf(loans.map(({ expectedLoss }) => expectedLoss)),
    amounts: loans.map(({ amount }) => amount).sort((a, b) => Number(a.minorUnits - b.minorUnits)),
    ratesPpm: loans.map(({ ratePpm }) => ratePpm).sort((a, b) => Number(a - b)),
    bindingLimits: [...binding]
      .map(([code, those]) => [code, those.length] as const)
      .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)),
  };
}

/** How many applications got each grade; those without a score are not in it. */
export function gradeCounts(decided: readonly Decided[]): ReadonlyMap<string, number> {
  const grades = decided.flatMap(({ application }) =>
    application.evidence.flatMap(({ summary }) =>
      summary.case === 'score' ? [summary.value.grade] : [],
    ),
  );
  return new Map(
    [...Map.groupBy(grades, (grade) => grade)].map(([grade, all]) => [grade, all.length]),
  );
}

export interface Waiting {
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
}

export function waiting(decided: readonly Decided[]): Waiting {
  const times = decided.map(({ submitToDecidedMs }) => submitToDecidedMs);
  const at = (share: number) => Math.round(percentile(times, share) * 10) / 10;
  return { p50Ms: at(0.5), p95Ms: at(0.95), p99Ms: at(0.99) };
}

export const outcomes = [
  DecisionOutcome.APPROVED,
  DecisionOutcome.DECLINED,
  DecisionOutcome.REFERRED,
] as const;

export const outcomeName = (outcome: DecisionOutcome): string =>
  enumName(DecisionOutcomeSchema, outcome);
