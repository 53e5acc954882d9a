/** Sales of the 12 whole calendar months before the month of a day, and what a demo derives from them. */
import { addMonths, type CalendarDate, dayIndex } from '@lianbao/kernel';
import { externalIdOf } from './invoice-identity.ts';
import type { Invoice } from './market.ts';

/** Valid invoices without tax, returns taken off; of one invoice its last revision. Never negative. */
export function sales12mFen(invoices: Iterable<Invoice>, asOf: CalendarDate): bigint {
  const monthStart = `${asOf.slice(0, 8)}01` as CalendarDate;
  const from = dayIndex(addMonths(monthStart, -12));
  const to = dayIndex(monthStart);
  const sales: Invoice[] = [];
  const lastRevision = new Map<string, number>();
  for (const invoice of invoices) {
    if (invoice.direction !== 'SALE' || invoice.day < from || invoice.day >= to) continue;
    sales.push(invoice);
    if (invoice.revision > 1) lastRevision.set(externalIdOf(invoice), invoice.revision);
  }
  const counts = (invoice: Invoice): boolean =>
    !invoice.isVoid &&
    (lastRevision.size === 0 ||
      (lastRevision.get(externalIdOf(invoice)) ?? 1) === invoice.revision);
  const sum = sales.filter(counts).reduce((total, { netFen }) => total + netFen, 0n);
  return sum < 0n ? 0n : sum;
}

const stepFen = 10_000_00n;
const leastFen = 20_000_00n;
const mostFen = 500_000_00n;

/** What a firm asks for: a tenth of a year's sales, to the nearest 10,000 yuan, within 20,000 to 500,000. */
export function askedFen(yearFen: bigint): bigint {
  const rounded = ((yearFen / 10n + stepFen / 2n) / stepFen) * stepFen;
  return rounded < leastFen ? leastFen : rounded > mostFen ? mostFen : rounded;
}

/** Half a year's sales. */
export const derivedNetAssetsFen = (yearFen: bigint): bigint => yearFen / 2n;
