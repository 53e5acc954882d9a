/** Takes one firm from "who is this seller" to the decision, and says each step of it. */
import { setTimeout as pause } from 'node:timers/promises';
import {
  type Application,
  ApplicationStateSchema,
  DecisionOutcome,
} from '@lianbao/api/lianbao/approval/v1/approval_service_pb';
import {
  ConsentPurposeSchema,
  type FeedEvent,
  SellerStateSchema,
} from '@lianbao/api/lianbao/party/v1/party_service_pb';
import { readDecimalPpm, readMoney, readTimestamp } from '@lianbao/grpc';
import { type Clock, formatMoney, liesUnder, percentOfPpm } from '@lianbao/kernel';
import { enumName } from '../enum-name.ts';
import type { Firm } from '../market/market.ts';
import type { Market } from '../partners.ts';
import { lenderName, platformName } from '../set-up.ts';
import {
  createApplication,
  submitAndWait,
  type Verdict,
  verdictOf,
} from '../steps/applications.ts';
import { importInvoices } from '../steps/records.ts';
import { giveConsents, registerSeller, sellerNameOf, verifySeller } from '../steps/sellers.ts';
import { eventStep, eventsAfter, type Step, stepLine } from './road.ts';

export interface FirstRoad {
  readonly application: string;
  readonly decision: string;
  readonly lines: readonly string[];
}

interface Noted extends Step {
  readonly at: Date;
}

export async function firstRoad(market: Market, firm: Firm, clock: Clock): Promise<FirstRoad> {
  const platform = market.platform(platformName);
  const { cursor } = await eventsAfter(platform, '');
  const noted: Noted[] = [];
  const note = (what: string, who: string, outcome: string) =>
    noted.push({ kind: 'rpc', what, who, outcome, at: clock() });

  const seller = await registerSeller(market, firm);
  const state = enumName(SellerStateSchema, seller.state);
  note('SellerService/CreateSeller', platformName, `${seller.name} ${state}`);
  const verified = await verifySeller(market, firm, clock);
  note(
    'SellerService/RecordVerification',
    'operator setup-2',
    enumName(SellerStateSchema, verified.state),
  );
  for (const { name, purpose } of await giveConsents(market, firm, clock)) {
    const outcome = `${name} ${enumName(ConsentPurposeSchema, purpose)}`;
    note('ConsentService/CreateConsent', platformName, outcome);
  }
  const { accepted } = await importInvoices(platform, [firm], 1, () => undefined);
  note('TradingRecordService/StreamTradingRecords', platformName, `${accepted} invoices accepted`);
  const draft = await createApplication(platform, firm);
  const asked = formatMoney(readMoney(draft.requestedAmount, 'requested_amount'));
  const terms = `${asked} yuan, ${draft.termMonths} months, ${draft.purposeCode}`;
  note('ApplicationService/CreateApplication', platformName, `${draft.name} DRAFT, ${terms}`);
  const { submitted, decided, submitToDecidedMs } = await submitAndWait(platform, draft);
  const submittedAt = readTimestamp(submitted.submitTime, 'submit_time');
  noted.push({
    kind: 'rpc',
    what: 'ApplicationService/SubmitApplication',
    who: platformName,
    outcome: enumName(ApplicationStateSchema, submitted.state),
    at: submittedAt,
  });
  const verdict = await verdictOf(platform, decided);
  const events = await eventsOf(market, draft.name, sellerNameOf(firm), cursor);
  const lines = [...noted, ...events]
    .sort((a, b) => a.at.getTime() - b.at.getTime() || kindOrder(a) - kindOrder(b))
    .map(stepLine);
  return {
    application: draft.name,
    decision: verdict.decision.name,
    lines: [...lines, ...verdictLines(decided, verdict, submitToDecidedMs)],
  };
}

const kindOrder = ({ kind }: Step): number => (kind === 'rpc' ? 0 : 1);
const pollsMax = 250;
const pollMs = 20;

/** The feed tells what is committed a moment later: asked until the decision is in it. */
async function eventsOf(
  market: Market,
  application: string,
  seller: string,
  from: string,
): Promise<readonly Noted[]> {
  const platform = market.platform(platformName);
  const found: FeedEvent[] = [];
  let cursor = from;
  for (let poll = 0; poll < pollsMax; poll += 1) {
    const page = await eventsAfter(platform, cursor);
    cursor = page.cursor;
    found.push(...page.events);
    if (found.some(({ event }) => event?.typeUrl.endsWith('ApplicationDecided'))) break;
    await pause(pollMs);
  }
  return found
    .filter(({ subject }) => liesUnder(subject, application) || liesUnder(subject, seller))
    .flatMap((event) => {
      const step = eventStep(event);
      return step === undefined ? [] : [{ ...step, at: readTimestamp(event.time, 'time') }];
    });
}

/** The outcome in capitals, then reasons, limit and rate in both languages. */
export function verdictLines(
  { name }: Application,
  { decision, offer }: Verdict,
  submitToDecidedMs: number,
): string[] {
  const word = {
    [DecisionOutcome.APPROVED]: 'APPROVED 批准',
    [DecisionOutcome.DECLINED]: 'DECLINED 拒绝',
    [DecisionOutcome.REFERRED]: 'REFERRED 转人工',
  }[decision.outcome as 1 | 2 | 3];
  const lines = [
    '',
    `  ${word}  ${name}, decision ${decision.number} by ${decision.decider}, ${Math.round(submitToDecidedMs)} ms after it was submitted`,
    ...decision.reasons.map(({ code, textZh, textEn }) => `    ${code}: ${textZh} ${textEn}`),
  ];
  if (decision.limit !== undefined) {
    const limit = formatMoney(readMoney(decision.limit, 'limit'));
    lines.push(
      `    额度 ${limit} 元，受 ${decision.bindingLimit} 限制`,
      `    Limit ${limit} yuan, bound by ${decision.bindingLimit}`,
    );
  }
  if (offer !== undefined) {
    const amount = formatMoney(readMoney(offer.principal, 'principal'));
    const rate = percentOfPpm(readDecimalPpm(offer.annualRate, 'annual_rate'));
    const allIn = percentOfPpm(readDecimalPpm(offer.allInSimpleRate, 'all_in_simple_rate'));
    const interest = formatMoney(readMoney(offer.totalInterest, 'total_interest'));
    lines.push(
      `    ${lenderName} 出借 ${amount} 元，${offer.termMonths} 个月，年利率 ${rate}，综合年化（单利）${allIn}，利息合计 ${interest} 元`,
      `    ${lenderName} offers ${amount} yuan over ${offer.termMonths} months at ${rate} a year, all-in (simple) ${allIn}, interest together ${interest} yuan`,
    );
  }
  return lines;
}
