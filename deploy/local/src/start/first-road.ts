/** Takes one firm from "who is this seller" to the decision, and says each step of it. */
import { setTimeout as pause } from 'node:timers/promises';
import {
  type Application,
  ApplicationStateSchema,
  DecisionOutcome,
} from '@lianbao/api/lianbao/approval/v1/approval_service_pb';
import {
  type FeedEvent,
  type Seller,
  SellerStateSchema,
} from '@lianbao/api/lianbao/party/v1/party_service_pb';
import { readDecimalPpm, readMoney, readTimestamp } from '@lianbao/grpc';
import { type Clock, formatMoney, idOf, liesUnder, percentOfPpm } from '@lianbao/kernel';
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
  /** Notes the call at the time at which it was made: its events come after it. */
  const calling = async <Answer>(
    what: string,
    who: string,
    call: () => Promise<Answer>,
    outcome: (answer: Answer) => string,
  ): Promise<Answer> => {
    const at = clock();
    const answer = await call();
    noted.push({ kind: 'rpc', what, who, outcome: outcome(answer), at });
    return answer;
  };
  const stateOf = ({ state }: Seller): string => enumName(SellerStateSchema, state);

  await calling(
    'SellerService/CreateSeller',
    platformName,
    () => registerSeller(market, firm),
    (seller) => `${seller.name} ${stateOf(seller)}`,
  );
  await calling(
    'SellerService/RecordVerification',
    'operator setup-2',
    () => verifySeller(market, firm, clock),
    stateOf,
  );
  await calling(
    'ConsentService/CreateConsent, twice',
    platformName,
    () => giveConsents(market, firm, clock),
    (consents) => `${consents.map(({ name }) => idOf(name)).join(' and ')} GRANTED, signed`,
  );
  await calling(
    'TradingRecordService/StreamTradingRecords',
    platformName,
    () => importInvoices(platform, [firm], 1, () => undefined),
    ({ accepted }) => `${accepted} invoices accepted`,
  );
  const draft = await calling(
    'ApplicationService/CreateApplication',
    platformName,
    () => createApplication(platform, firm),
    ({ name, requestedAmount, termMonths, purposeCode }) =>
      `${name} DRAFT, ${formatMoney(readMoney(requestedAmount, 'requested_amount'))} yuan, ${termMonths} months, ${purposeCode}`,
  );
  const { decided, submitToDecidedMs } = await calling(
    'ApplicationService/SubmitApplication',
    platformName,
    () => submitAndWait(platform, draft),
    ({ submitted }) => enumName(ApplicationStateSchema, submitted.state),
  );
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
