/**
 * The first start's market: synthetic firms with invoices and outcomes, a model trained on them, and one
 * application taken to its decision. A file says that the set-up has begun; a start that finds it
 * removes the database, which nobody has used, and begins anew.
 */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { businessDayOf, type Clock } from '@lianbao/kernel';
import { type Home, writeWhole } from '../home.ts';
import { invoiceCount, type MarketData } from '../market/market.ts';
import { syntheticMarket } from '../market/synthetic-market.ts';
import { startOwnPostgres } from '../own-postgres.ts';
import type { Market } from '../partners.ts';
import { setUpMarket, setUpModel } from '../set-up.ts';
import { atMost } from '../steps/at-most.ts';
import { importInvoices } from '../steps/records.ts';
import { giveConsents, registerSeller, sellerNameOf, verifySeller } from '../steps/sellers.ts';
import { type FirstRoad, firstRoad } from './first-road.ts';

const seed = 1;
const labelledCount = 60;
/** The first of them is taken to its decision, the others wait for whoever tries the calls. */
const applicantCount = 6;
const invoicesPerFirm = 150;
const callsAtOnce = 6;
const streamsAtOnce = 2;

const begunFile = ({ folder }: Home) => join(folder, 'set-up-begun');

/** Removes what a set-up that was cut off has left. Throws FolderInUse while another server runs there. */
export async function removeUnfinished(home: Home): Promise<boolean> {
  if (!existsSync(begunFile(home))) return false;
  const server = await startOwnPostgres(home.databaseFolder);
  await server.stop();
  rmSync(home.databaseFolder, { recursive: true, force: true });
  rmSync(begunFile(home));
  return true;
}

export async function setUpSmallMarket(
  home: Home,
  market: Market,
  clock: Clock,
  say: (line: string) => void,
): Promise<FirstRoad> {
  writeWhole(begunFile(home), clock().toISOString());
  const today = businessDayOf(clock());
  const data = syntheticMarket({
    seed,
    asOf: today,
    labelledCount,
    applicantCount,
    invoicesPerFirm,
  });
  const [first, ...others] = applicantsOf(data);
  if (first === undefined) throw new Error('the synthetic market has nobody to decide on');
  const labelled = data.firms.filter(({ isBad }) => isBad !== undefined);

  await setUpMarket(market, today);
  const known = [...labelled, ...others];
  await atMost(callsAtOnce, known, async (firm) => {
    await registerSeller(market, firm);
    await verifySeller(market, firm, clock);
    await giveConsents(market, firm, clock);
  });
  await importInvoices(market.platform('platforms/market'), known, streamsAtOnce, () => undefined);
  const labels = labelled.map((firm) => ({ seller: sellerNameOf(firm), bad: firm.isBad === true }));
  const { name } = await setUpModel(market, labels, today);
  say(
    `  ${labelled.length} firms with outcomes and ${applicantCount} that apply, ${invoiceCount(data)} invoices; champion ${name}`,
  );
  say('\nOne application, from "who is this seller" to the decision');
  const road = await firstRoad(market, first, clock);
  for (const line of road.lines) say(line);
  rmSync(begunFile(home));
  return road;
}

/** The one with the largest sales first. */
const applicantsOf = ({ firms }: MarketData) =>
  firms
    .filter(({ isBad }) => isBad === undefined)
    .sort((a, b) => (a.sales12mFen > b.sales12mFen ? -1 : 1));
