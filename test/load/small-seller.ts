/**
 * Sellers of whom a machine decides, as cheap as that allows: a few invoices a month over fifteen
 * months, drawn from a seed, so that grades, limits and outcomes differ.
 */
import { addMonths, type CalendarDate, dayIndex, exp } from '@lianbao/kernel';
import { InvoiceColumns } from '../../deploy/local/src/market/invoice-columns.ts';
import type { Firm } from '../../deploy/local/src/market/market.ts';
import { seededRandom } from '../../deploy/local/src/market/random.ts';
import { sales12mFen } from '../../deploy/local/src/market/yearly-sales.ts';

const seed = 7;
const monthCount = 15;
const salesPerMonth = 2;
const daysUsed = 25; // Of each month.
/** Above those of the firms with a whole market's invoices. */
const firstNumber = 100_000;

export const smallInvoiceCount = monthCount * (salesPerMonth + 1);

export function smallSeller(place: number, asOf: CalendarDate): Firm {
  const random = seededRandom(seed * 1_000_003 + place);
  const invoices = new InvoiceColumns();
  const monthlyYuan = exp(11.4 + 0.9 * random.normal());
  const customers = 2 + random.below(8);
  const monthStart = `${asOf.slice(0, 8)}01` as CalendarDate;
  for (let back = monthCount; back >= 1; back -= 1) {
    const first = dayIndex(addMonths(monthStart, -back));
    for (let each = 0; each <= salesPerMonth; each += 1) {
      const isSale = each < salesPerMonth;
      const yuan = (monthlyYuan / salesPerMonth) * (0.6 + 0.8 * random.unit());
      const netFen = BigInt(Math.round(yuan * 100));
      invoices.add({
        direction: isSale ? 'SALE' : 'PURCHASE',
        number: String(10_000_000 + invoices.count),
        day: first + random.below(daysUsed),
        counterparty: `${isSale ? 'B' : 'V'}${random.below(customers)}`,
        netFen,
        taxFen: (netFen * 13n) / 100n,
        isVoid: random.unit() < 0.04,
        revision: 1,
      });
    }
  }
  return {
    code: `Q${place}`,
    number: firstNumber + place,
    legalName: `合成${place}号小店`,
    kind: 'COMPANY',
    tradeCategory: 'F',
    regionCode: '330106',
    isBad: undefined,
    invoices,
    sales12mFen: sales12mFen(invoices, asOf),
  };
}
