/** The main job: import a market, train on the firms whose outcome is known, decide on all others. */
import {
  type Application,
  type DecisionExplanation,
  DecisionOutcome,
} from '@lianbao/api/lianbao/approval/v1/approval_service_pb';
import type { ScoreModelVersion } from '@lianbao/api/lianbao/scoring/v1/scoring_service_pb';
import { businessDayOf, type Clock } from '@lianbao/kernel';
import { invoiceCount, type MarketData } from '../market/market.ts';
import type { Market } from '../partners.ts';
import { lenderName, platformName, setUpMarket, setUpModel } from '../set-up.ts';
import {
  createApplication,
  submitAndWait,
  type Verdict,
  verdictOf,
} from '../steps/applications.ts';
import { atMost } from '../steps/at-most.ts';
import { importInvoices } from '../steps/records.ts';
import { giveConsents, registerSeller, sellerNameOf, verifySeller } from '../steps/sellers.ts';
import type { Progress } from './progress.ts';

export interface Decided extends Verdict {
  readonly application: Application;
  readonly submitToDecidedMs: number;
}

export interface Timed<Result> {
  readonly result: Result;
  readonly seconds: number;
}

export interface DemoRun {
  readonly sellerSeconds: number;
  readonly imported: Timed<{ readonly accepted: number; readonly duplicate: number }>;
  readonly model: Timed<ScoreModelVersion>;
  /** In order of the application's name. */
  readonly decided: Timed<readonly Decided[]>;
}

export type ShowProgress = (label: string, total: number, unit: string) => Progress;

const callsAtOnce = 6;
const streamsAtOnce = 4;
const applicationsAtOnce = 2;

export async function runDemo(
  { market, clock }: { readonly market: Market; readonly clock: Clock },
  data: MarketData,
  show: ShowProgress,
): Promise<DemoRun> {
  const today = businessDayOf(clock());
  await setUpMarket(market, today);
  const { firms } = data;

  const sellerBar = show('sellers ', firms.length, 'firms');
  let sellerCount = 0;
  const sellers = await timed(() =>
    atMost(callsAtOnce, firms, async (firm) => {
      await registerSeller(market, firm);
      await verifySeller(market, firm, clock);
      await giveConsents(market, firm, clock);
      sellerBar.at(++sellerCount);
    }),
  );
  sellerBar.done();

  const platform = market.platform(platformName);
  const importBar = show('invoices', invoiceCount(data), 'invoices');
  const imported = await timed(() =>
    importInvoices(platform, firms, streamsAtOnce, (count) => importBar.at(count)),
  );
  importBar.done();

  const labels = firms.flatMap(({ isBad, ...firm }) =>
    isBad === undefined ? [] : [{ seller: sellerNameOf(firm), bad: isBad }],
  );
  const model = await timed(() => setUpModel(market, labels, today));

  const applicants = firms.filter(({ isBad }) => isBad === undefined);
  const applicationBar = show('decided ', applicants.length, 'applications');
  const found: Decided[] = [];
  const decided = await timed(async () => {
    await atMost(applicationsAtOnce, applicants, async (firm) => {
      const draft = await createApplication(platform, firm);
      const { decided: application, submitToDecidedMs } = await submitAndWait(platform, draft);
      const verdict = await verdictOf(platform, application);
      found.push({ application, submitToDecidedMs, ...verdict });
      applicationBar.at(found.length);
    });
    return found.toSorted((a, b) => (a.application.name < b.application.name ? -1 : 1));
  });
  applicationBar.done();
  return { sellerSeconds: sellers.seconds, imported, model, decided };
}

export interface Explained {
  readonly explanation: DecisionExplanation;
  readonly decisionIsIdentical: boolean;
  /** Undefined where there was no score. */
  readonly scoreIsIdentical: boolean | undefined;
}

/** One decision whole, and done again from what was recorded: an approval, where there is one. */
export async function explainOne(
  market: Market,
  decided: readonly Decided[],
): Promise<Explained | undefined> {
  const one =
    decided.find(({ decision }) => decision.outcome === DecisionOutcome.APPROVED) ?? decided[0];
  if (one === undefined) return undefined;
  const { applications } = market.bank(lenderName, 'setup-1');
  const { name } = one.decision;
  const explanation = await applications.explainDecision({ name });
  const replayed = await applications.replayDecision({ name });
  const score = one.application.evidence.find(({ source }) => source !== '')?.source;
  const rescored =
    score === undefined
      ? undefined
      : await market.operator('setup-1').scoring.replayScore({ name: score });
  return {
    explanation,
    decisionIsIdentical: replayed.identical,
    scoreIsIdentical: rescored?.identical,
  };
}

async function timed<Result>(work: () => Promise<Result>): Promise<Timed<Result>> {
  const startMs = performance.now();
  const result = await work();
  return { result, seconds: (performance.now() - startMs) / 1000 };
}
