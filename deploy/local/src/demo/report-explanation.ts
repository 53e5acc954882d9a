/** One decision whole, in Chinese and English, and whether it comes out the same again. */
import {
  DecisionOutcomeSchema,
  type PriceTerm,
  type RuleTrace,
} from '@lianbao/api/lianbao/approval/v1/approval_service_pb';
import { readMoney } from '@lianbao/grpc';
import { formatMoney, percentOfPpm } from '@lianbao/kernel';
import { enumName } from '../enum-name.ts';
import type { Explained } from './run-demo.ts';

export function reportExplanation({
  explanation,
  decisionIsIdentical,
  scoreIsIdentical,
}: Explained): string[] {
  const { decision, rules, price, summaryZh, summaryEn } = explanation;
  if (decision === undefined) return ['there is no decision'];
  const { name, outcome, limits, bindingLimit, reasons, policyVersion, modelVersion } = decision;
  const same = (identical: boolean) => (identical ? 'identical' : 'DIFFERENT');
  return [
    `${name}: ${enumName(DecisionOutcomeSchema, outcome)}`,
    `  ${summaryZh}`,
    `  ${summaryEn}`,
    ...reasons.map(({ code, textZh, textEn }) => `  reason ${code}: ${textZh} ${textEn}`),
    '  rules',
    ...rules.map(ruleLine),
    '  limits, of which the least binds',
    ...limits.map(
      ({ code, amount }) =>
        `    ${code.padEnd(12)}${formatMoney(readMoney(amount, 'amount')).padStart(18)}${code === bindingLimit ? '  binds' : ''}`,
    ),
    ...(price.length > 0 ? ['  price', ...priceLines(price)] : []),
    `  policy ${policyVersion}, model ${modelVersion}`,
    `  decided again from what was recorded: ${same(decisionIsIdentical)}${scoreIsIdentical === undefined ? '' : `; scored again: ${same(scoreIsIdentical)}`}`,
  ];
}

function ruleLine({ rule, verdict, effect, fact, value, threshold, ...text }: RuleTrace): string {
  const seen = value === '' ? 'nothing' : value;
  const limit = threshold === '' ? '' : ` against ${threshold}`;
  const head = `    ${verdict.padEnd(8)}${effect.padEnd(10)}`;
  return `${head}${text.textZh} ${text.textEn} (${rule}; ${fact}: ${seen}${limit})`;
}

function priceLines(price: readonly PriceTerm[]): string[] {
  const total = price.reduce((sum, { ratePpm }) => sum + ratePpm, 0n);
  return [
    ...price.map(
      ({ code, ratePpm }) => `    ${code.padEnd(18)}${percentOfPpm(ratePpm).padStart(10)}`,
    ),
    `    ${'yearly rate'.padEnd(18)}${percentOfPpm(total).padStart(10)}`,
  ];
}
