/**
 * A small synthetic market on a running system, brought through the public rpcs to where an application
 * decides: platform, lender, product, policy, a champion model, and sellers that may be scored.
 */
import { businessDayOf, type Clock } from '@lianbao/kernel';
import type { Firm } from '../../deploy/local/src/market/market.ts';
import { syntheticMarket } from '../../deploy/local/src/market/synthetic-market.ts';
import type { Market } from '../../deploy/local/src/partners.ts';
import { type Label, setUpMarket, setUpModel } from '../../deploy/local/src/set-up.ts';
import { importInvoices } from '../../deploy/local/src/steps/records.ts';
import {
  giveConsents,
  registerSeller,
  sellerNameOf,
  verifySeller,
} from '../../deploy/local/src/steps/sellers.ts';
import type { System } from './all-in-one.ts';

const seed = 42;
const invoicesPerFirm = 60;
const streamsAtOnce = 4;

export interface MarketWish {
  /** Sellers whose outcome is known; fewer than the default would not carry a model. */
  readonly labelledCount?: number;
  readonly applicantCount?: number;
  /** Without it nobody can be scored. */
  readonly withModel?: boolean;
}

export interface ReadyMarket {
  /** Firms whose outcome is known; registered, with invoices, without consents. */
  readonly labelled: readonly Firm[];
  readonly labels: readonly Label[];
  /** Verified, with consents and invoices. */
  readonly applicants: readonly Firm[];
}

export async function readyMarket(
  { market, clock }: Pick<System, 'market' | 'clock'>,
  { withModel = true, labelledCount = withModel ? 60 : 0, applicantCount = 2 }: MarketWish = {},
): Promise<ReadyMarket> {
  const asOf = businessDayOf(clock());
  const { firms } = syntheticMarket({
    ...{ seed, asOf, labelledCount, applicantCount, invoicesPerFirm },
  });
  await setUpMarket(market, asOf);
  const labelled = firms.slice(0, labelledCount);
  const applicants = firms.slice(labelledCount);
  await Promise.all(firms.map((firm) => registerSeller(market, firm)));
  const platform = market.platform('platforms/market');
  await importInvoices(platform, firms, streamsAtOnce, () => undefined);
  const labels = labelled.map((firm) => ({
    seller: sellerNameOf(firm),
    bad: firm.isBad === true,
  }));
  const toScore = Promise.all(applicants.map((firm) => makeScorable(market, clock, firm)));
  if (withModel) await setUpModel(market, labels, asOf);
  await toScore;
  return { labelled, labels, applicants };
}

async function makeScorable(market: Market, clock: Clock, firm: Firm): Promise<void> {
  await verifySeller(market, firm, clock);
  await giveConsents(market, firm, clock);
}
