/** A decision in words. What the lender keeps to itself, its own book, is left out for others. */
import { fen, formatMoney, percentOfPpm } from '@lianbao/kernel';
import type { DecisionRecord, Outcome, TracedRule } from './decide.ts';
import type { LimitCode } from './limits.ts';
import { reasonsShownMax, textsOf } from './reason.ts';
import type { Verdict } from './rule.ts';
import type { RuleId } from './rules.ts';

type TwoTexts = readonly [string, string];

const ruleTexts: Readonly<Record<RuleId, TwoTexts>> = {
  'credit.consent': ['数据使用授权有效', 'The consents to use the data are live'],
  'credit.blocked': ['商户未被暂停新业务', 'The seller is not blocked'],
  'credit.score_cutoff': ['信用等级达到准入要求', 'The grade is good enough'],
  'credit.purpose': ['贷款用途在支持范围内', 'The purpose of the loan is allowed'],
  'product.amount': ['申请金额在产品范围内', "The amount is in the product's range"],
  'product.term': ['申请期限在产品范围内', "The term is in the product's range"],
  'credit.limit_minimum': [
    '可贷额度不低于产品最低金额',
    'The limit reaches the smallest loan of the product',
  ],
  'rate.all_in_max': [
    '综合年化成本（单利与复利中的较高者）不超过上限',
    'The all-in rate, the greater of simple and compound, is within the cap',
  ],
  'decision.review': ['申请人未要求人工审核', 'No review by a person was asked for'],
  'decision.evidence': ['所需资料均已取得', 'All evidence that is needed has arrived'],
  'decision.evidence_refused': ['所需资料均可取得', 'No evidence was refused for want of data'],
  'decision.score_age': ['评分在有效期内', 'The score is recent enough'],
  'credit.months_with_sales': ['有销售记录的月份足够', 'Enough months have sales'],
  'credit.record_age': ['经营记录足够新', 'The newest record is recent enough'],
  'credit.class_referral': ['该信用等级可自动审批', 'The credit class is decided automatically'],
  'decision.automatic_amount': [
    '申请金额不超过自动审批上限',
    'The amount is within what is decided automatically',
  ],
};

const limitTexts: Readonly<Record<LimitCode, TwoTexts>> = {
  REQUESTED: ['申请金额', 'The amount asked for'],
  PRODUCT: ['产品最高金额', 'The largest loan of the product'],
  CLASS_CAP: ['信用等级对应上限', 'The cap of the credit class'],
  SCORING: ['按经营情况测算的额度', 'The limit that the trading supports'],
  OBLIGOR: ['单一借款人剩余额度', 'What is left of the limit for one borrower'],
  CONNECTED: ['关联企业合计剩余额度', 'What is left of the limit for firms under the same control'],
  PROGRAMME: ['贷款机构本月剩余额度', "What is left of the lender's amount for this month"],
};

const verdictTexts: Readonly<Record<Verdict, TwoTexts>> = {
  HOLDS: ['成立', 'holds'],
  BROKEN: ['不成立', 'is broken'],
  UNKNOWN: ['未知', 'is not known'],
};

/** Lines that would tell a platform about the lender's book or about other firms. */
export const ownBookLimits: readonly LimitCode[] = ['OBLIGOR', 'CONNECTED', 'PROGRAMME'];

interface ExplainedRule extends TracedRule {
  readonly textZh: string;
  readonly textEn: string;
}

export const explainRules = (
  { rules }: DecisionRecord,
  showsBook: boolean,
): readonly ExplainedRule[] =>
  rules.map((rule) => {
    const [zh, en] = textsOfRule(rule);
    const [verdictZh, verdictEn] = verdictTexts[rule.verdict];
    const isLimit = rule.effect === 'LIMIT';
    const hidden = !showsBook && saysBook(rule);
    const value = hidden ? '' : isLimit ? amountText(rule.value) : rule.value;
    const saysAmount = isLimit && value !== '';
    return {
      ...rule,
      value,
      textZh: saysAmount ? `${zh}：${value} 元` : `${zh}：${verdictZh}`,
      textEn: saysAmount ? `${en}: ${value} yuan` : `${en}: ${verdictEn}`,
    };
  });

/** How much is left says what the lender has lent, to others too. */
const saysBook = ({ rule, effect, fact, value }: TracedRule): boolean =>
  ownBookLimits.some((code) =>
    effect === 'LIMIT'
      ? fact === code
      : rule === 'credit.limit_minimum' && value.startsWith(`${code} `),
  );

/** What could be lent, for those who do not see the book: nothing where the book is what bounds it. */
export const limitShown = (
  { limitFen, bindingLimit, outcome }: DecisionRecord,
  showsBook: boolean,
): bigint | undefined => {
  const isBook = bindingLimit !== undefined && ownBookLimits.includes(bindingLimit);
  // An offer says it anyway.
  return isBook && !showsBook && outcome !== 'APPROVED' ? undefined : limitFen;
};

const textsOfRule = ({ rule, effect, fact }: TracedRule): TwoTexts =>
  (effect === 'LIMIT' ? limitTexts[fact as LimitCode] : ruleTexts[rule as RuleId]) ?? [rule, rule];

const amountText = (amountFen: string): string =>
  /^\d+$/.test(amountFen) ? formatMoney(fen(BigInt(amountFen))) : '';

const outcomeTexts: Readonly<Record<Outcome, TwoTexts>> = {
  APPROVED: ['已批准', 'Approved'],
  DECLINED: ['未通过', 'Declined'],
  REFERRED: ['转人工审核', 'Sent to a person'],
};

/** One paragraph each, Chinese and English. */
export function summaryOf(record: DecisionRecord): TwoTexts {
  const { outcome, mode, offer, bindingLimit } = record;
  const [zh, en] = outcomeTexts[outcome];
  const byPerson = mode === 'PERSON';
  const zhParts = [`${byPerson ? '人工' : '自动'}审批结果：${zh}。`];
  const enParts = [`${en} ${byPerson ? 'by a person' : 'automatically'}.`];
  if (offer !== undefined) {
    const amount = formatMoney(fen(offer.principalFen));
    const rate = percentOfPpm(offer.annualRatePpm);
    const allIn = percentOfPpm(offer.allInSimplePpm);
    zhParts.push(
      `贷款 ${amount} 元，期限 ${offer.termMonths} 个月，年利率 ${rate}，综合年化成本（单利）${allIn}。`,
    );
    enParts.push(
      `${amount} yuan for ${offer.termMonths} months at ${rate} a year, all-in ${allIn} (simple).`,
    );
    if (bindingLimit !== undefined) {
      const [limitZh, limitEn] = limitTexts[bindingLimit];
      zhParts.push(`额度取决于：${limitZh}。`);
      enParts.push(`What bounds the amount: ${limitEn.toLowerCase()}.`);
    }
  }
  const shown = record.reasons.slice(0, reasonsShownMax).map(textsOf);
  if (shown.length > 0) {
    zhParts.push(`原因：${shown.map(([text]) => text).join('；')}。`);
    enParts.push(`Reasons: ${shown.map(([, text]) => text).join('; ')}.`);
    zhParts.push(
      `如何改善：${shown
        .map(([, , hint]) => hint)
        .filter(Boolean)
        .join('；')}。`,
    );
    enParts.push(
      `What would change it: ${shown
        .map(([, , , hint]) => hint)
        .filter(Boolean)
        .join('; ')}.`,
    );
  }
  return [zhParts.join(''), enParts.join(' ')];
}
