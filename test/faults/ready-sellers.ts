/** Sellers who may apply at once: registered, verified, with consents and invoices. */
import type { CalendarDate } from '@lianbao/kernel';
import type { Firm } from '../../deploy/local/src/market/market.ts';
import type { Market } from '../../deploy/local/src/partners.ts';
import { platformName } from '../../deploy/local/src/set-up.ts';
import { atMost } from '../../deploy/local/src/steps/at-most.ts';
import { tradingRecordOf } from '../../deploy/local/src/steps/records.ts';
import {
  giveConsents,
  registerSeller,
  sellerNameOf,
  verifySeller,
} from '../../deploy/local/src/steps/sellers.ts';
import { smallSeller } from '../load/small-seller.ts';

const callsAtOnce = 16;

export async function readySellers(
  market: Market,
  count: number,
  asOf: CalendarDate,
): Promise<readonly Firm[]> {
  const firms = Array.from({ length: count }, (_, place) => smallSeller(place + 1, asOf));
  await atMost(callsAtOnce, firms, async (firm) => {
    await registerSeller(market, firm);
    await market.platform(platformName).records.submitTradingRecords({
      parent: sellerNameOf(firm),
      records: [...firm.invoices].map(tradingRecordOf),
    });
    await verifySeller(market, firm, () => new Date());
    await giveConsents(market, firm, () => new Date());
  });
  return firms;
}
