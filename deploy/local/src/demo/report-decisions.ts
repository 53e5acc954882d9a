/** What became of the applications. */
import { DecisionOutcome } from '@lianbao/api/lianbao/approval/v1/approval_service_pb';
import { formatMoney, type Money, percentOfPpm } from '@lianbao/kernel';
import { loanFigures, type OutcomeFigures, outcomeFigures } from './figures.ts';
import type { Decided } from './run-demo.ts';

const reasonsShown = 6;

export function reportDecisions(decided: readonly Decided[]): string[] {
  const of = (outcome: DecisionOutcome) => outcomeFigures(decided, outcome);
  const [approved, declined, referred] = [
    of(DecisionOutcome.APPROVED),
    of(DecisionOutcome.DECLINED),
    of(DecisionOutcome.REFERRED),
  ];
  return [
    `decided ${decided.length}: approved ${approved.count}, declined ${declined.count}, referred to a person ${referred.count}`,
    ...(approved.count > 0 ? approvedLines(decided) : []),
    ...reasonLines('declined', declined),
    ...reasonLines('referred', referred),
  ];
}

function approvedLines(decided: readonly Decided[]): string[] {
  const { asked, offered, lessCount, expectedLoss, amounts, ratesPpm, bindingLimits } =
    loanFigures(decided);
  const middle = <Value>(values: readonly Value[]) => values[values.length >> 1] as Value;
  const range = <Value>(values: readonly Value[], show: (value: Value) => string) =>
    `${show(values[0] as Value)} to ${show(values.at(-1) as Value)}, median ${show(middle(values))}`;
  const lossPpm =
    offered.minorUnits === 0n ? 0n : (expectedLoss.minorUnits * 1_000_000n) / offered.minorUnits;
  return [
    'approved',
    `  amounts        ${range(amounts, yuan)}; together ${yuan(offered)} of ${yuan(asked)} asked, ${lessCount} less than asked`,
    `  yearly rates   ${range(ratesPpm, percentOfPpm)}`,
    `  expected loss  ${yuan(expectedLoss)}, ${percentOfPpm(lossPpm)} of what is offered`,
    `  what binds     ${bindingLimits.map(([code, count]) => `${code} ${count}`).join(', ')}`,
  ];
}

function reasonLines(what: string, { count, reasons }: OutcomeFigures): string[] {
  if (count === 0) return [];
  const shown = reasons.slice(0, reasonsShown);
  return [
    `${what}, commonest reasons (an application may have several)`,
    ...shown.map(
      ({ reason, count: times }) =>
        `  ${String(times).padStart(4)}  ${reason.code}: ${reason.textEn} ${reason.textZh}`,
    ),
    ...(reasons.length > shown.length ? [`        and ${reasons.length - shown.length} more`] : []),
  ];
}

const yuan = (money: Money): string => formatMoney(money).replace(/\.00$/, '');
