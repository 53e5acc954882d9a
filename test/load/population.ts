/**
 * Who applies: through the public rpcs, and before any clock runs, sellers are registered, verified,
 * give their consents, send their invoices, and get a draft of an application. A seller applies once.
 */
import type { Application } from '@lianbao/api/lianbao/approval/v1/approval_service_pb';
import { businessDayOf, dayIndex } from '@lianbao/kernel';
import { type Firm, invoiceCount } from '../../deploy/local/src/market/market.ts';
import { syntheticMarket } from '../../deploy/local/src/market/synthetic-market.ts';
import type { Market } from '../../deploy/local/src/partners.ts';
import { platformName, setUpMarket, setUpModel } from '../../deploy/local/src/set-up.ts';
import { createApplication } from '../../deploy/local/src/steps/applications.ts';
import { atMost } from '../../deploy/local/src/steps/at-most.ts';
import { importInvoices, tradingRecordOf } from '../../deploy/local/src/steps/records.ts';
import {
  giveConsents,
  registerSeller,
  sellerNameOf,
  verifySeller,
} from '../../deploy/local/src/steps/sellers.ts';
import { nowMs } from './clock.ts';
import { smallSeller } from './small-seller.ts';

const seed = 42;
const labelledCount = 100;
const callsAtOnce = 24;
const streamsAtOnce = 6;

export interface Imported {
  readonly invoices: number;
  readonly sellers: number;
  readonly seconds: number;
  readonly streamsAtOnce: number;
}

export interface Population {
  readonly imported: Imported;
  /** Drafts of sellers who have not applied, the ones with many invoices spread evenly among the first. */
  drafts(count: number): Promise<readonly Application[]>;
}

export interface PopulationOptions {
  readonly market: Market;
  /** How many applicants have a realistic number of invoices, and how many that is. */
  readonly realisticCount: number;
  readonly invoicesPerFirm: number;
  /** Every so manieth draft is one of theirs, while there are. */
  readonly realisticEvery: number;
}

/** Sets up an empty market with its model, and times the import of the realistic sellers' invoices. */
export async function populate(options: PopulationOptions): Promise<Population> {
  const { market, realisticCount, invoicesPerFirm, realisticEvery } = options;
  const clock = () => new Date();
  const asOf = businessDayOf(clock());
  const platform = market.platform(platformName);
  await setUpMarket(market, asOf);
  const firms = syntheticMarket({
    ...{ seed, asOf, labelledCount, invoicesPerFirm },
    applicantCount: realisticCount * 2,
  }).firms;
  const labelled = firms.slice(0, labelledCount);
  const today = dayIndex(asOf);
  const realistic = firms
    .slice(labelledCount)
    .filter((firm) => isDecided(firm, today))
    .slice(0, realisticCount);
  const known = [...labelled, ...realistic];
  await atMost(callsAtOnce, known, async (firm) => void (await registerSeller(market, firm)));
  const startMs = nowMs();
  await importInvoices(platform, known, streamsAtOnce, () => undefined);
  const imported: Imported = {
    invoices: invoiceCount({ firms: known }),
    sellers: known.length,
    seconds: (nowMs() - startMs) / 1_000,
    streamsAtOnce,
  };
  const labels = labelled.map((firm) => ({ seller: sellerNameOf(firm), bad: firm.isBad === true }));
  await setUpModel(market, labels, asOf);

  const draftOf = async (firm: Firm, isNew: boolean): Promise<Application> => {
    if (isNew) {
      await registerSeller(market, firm);
      await platform.records.submitTradingRecords({
        parent: sellerNameOf(firm),
        records: [...firm.invoices].map(tradingRecordOf),
      });
    }
    await verifySeller(market, firm, clock);
    await giveConsents(market, firm, clock);
    return createApplication(platform, firm);
  };
  let smallCount = 0;
  const waiting = [...realistic];
  return {
    imported,
    drafts: async (count) => {
      const places = Array.from({ length: count }, (_, place) => place);
      const drafts: Application[] = [];
      await atMost(callsAtOnce, places, async (place) => {
        const firm = place % realisticEvery === 0 ? waiting.shift() : undefined;
        if (firm === undefined) smallCount += 1;
        const applicant = firm ?? smallSeller(smallCount, asOf);
        drafts[place] = await draftOf(applicant, firm === undefined);
      });
      return drafts;
    },
  };
}

/** Sells for more than a year and until lately: young and silent firms go to a person unseen by the card. */
function isDecided({ invoices }: Firm, today: number): boolean {
  const days = Array.from({ length: invoices.count }, (_, at) => invoices.at(at).day);
  return today - Math.min(...days) > 400 && today - Math.max(...days) < 60;
}
