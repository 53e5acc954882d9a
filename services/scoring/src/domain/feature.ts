/**
 * The features of a score, from invoices (scoring.md 3). One pure function each, the same for training,
 * events and calls. A value is a finite number, NaN where it is missing, never -0.
 */
import { dayIndex, log } from '@lianbao/kernel';
import type { FeatureDefinition } from '@lianbao/scorecard';
import { type MonthlyFigures, monthlyFigures } from './monthly-sales.ts';
import type { ReasonCode } from './reason-text.ts';
import type { SideSummary, TradingSummary } from './summary.ts';

/** What features are computed from. */
export interface Facts extends TradingSummary {
  readonly monthly: MonthlyFigures;
}

export const factsOf = (summary: TradingSummary): Facts => ({
  ...summary,
  monthly: monthlyFigures(summary),
});

interface Feature extends FeatureDefinition {
  readonly reasonCode: ReasonCode;
  /** Rises when `compute` changes its meaning. */
  readonly version: number;
  readonly compute: (facts: Facts) => number;
}

/** Days since the last sale of a seller that has none. */
export const noSale = 9_999;

const lnYuan = (fen: bigint): number => log(1 + (fen > 0n ? Number(fen) / 100 : 0));
const share = (part: number, whole: number): number => (whole === 0 ? Number.NaN : part / whole);

/** ln((now + 1 yuan) / (before + 1 yuan)); what is negative counts as nothing. */
const lnGrowth = (now: bigint, before: bigint): number => lnYuan(now) - lnYuan(before) + 0;

const negativeShare = ({ negativeCount, count, voidCount }: SideSummary): number =>
  share(negativeCount, count - voidCount);

/** Sum of squared shares: 1 with one counterparty, near 0 with many alike. */
function concentration({ positiveFen, positiveSquares }: SideSummary): number {
  const whole = Number(positiveFen);
  return share(Number(positiveSquares), whole * whole);
}

/** Deviation over mean of the months with sales; three at least. */
function variation({ months }: Facts): number {
  if (months.length < 3) return Number.NaN;
  const sales = months.map(({ netFen }) => Number(netFen));
  const mean = sales.reduce((sum, x) => sum + x, 0) / sales.length;
  if (mean <= 0) return Number.NaN;
  const squares = sales.reduce((sum, x) => sum + (x - mean) * (x - mean), 0);
  return Math.sqrt(squares / (sales.length - 1)) / mean;
}

function margin({ sale, purchase }: Facts): number {
  if (sale.netFen <= 0n) return Number.NaN;
  return Number(sale.netFen - purchase.netFen) / Number(sale.netFen);
}

const feature = (
  id: string,
  trend: Feature['trend'],
  reasonCode: ReasonCode,
  compute: Feature['compute'],
  specials: readonly number[] = [],
): Feature => ({ id, version: 1, trend, specials, reasonCode, compute });

export const features: readonly Feature[] = [
  feature('ln_sales', 'descending', 'SALES_TOO_LOW', ({ sale }) => lnYuan(sale.netFen)),
  feature('ln_purchases', 'descending', 'PURCHASES_TOO_LOW', ({ purchase }) =>
    lnYuan(purchase.netFen),
  ),
  feature('invoices_out', 'descending', 'SALES_TOO_LOW', ({ sale }) => sale.count),
  feature('invoices_in', 'descending', 'PURCHASES_TOO_LOW', ({ purchase }) => purchase.count),
  feature('void_share_out', 'ascending', 'QUALITY_WEAK', ({ sale }) =>
    share(sale.voidCount, sale.count),
  ),
  feature('void_share_in', 'ascending', 'QUALITY_WEAK', ({ purchase }) =>
    share(purchase.voidCount, purchase.count),
  ),
  feature('negative_share_out', 'ascending', 'QUALITY_WEAK', ({ sale }) => negativeShare(sale)),
  feature('negative_share_in', 'ascending', 'QUALITY_WEAK', ({ purchase }) =>
    negativeShare(purchase),
  ),
  feature(
    'months_with_sales',
    'descending',
    'HISTORY_TOO_SHORT',
    ({ months }) => months.filter(({ count }) => count > 0).length,
  ),
  feature('sales_variation', 'ascending', 'SALES_UNSTEADY', variation),
  feature(
    'days_since_sale',
    'ascending',
    'SALES_FALLING',
    ({ asOf, lastSaleDay }) => (lastSaleDay === undefined ? noSale : dayIndex(asOf) - lastSaleDay),
    [noSale],
  ),
  feature('customers', 'descending', 'BUYERS_CONCENTRATED', ({ sale }) => sale.counterpartyCount),
  feature(
    'suppliers',
    'descending',
    'SUPPLIERS_CONCENTRATED',
    ({ purchase }) => purchase.counterpartyCount,
  ),
  feature('customer_hhi', 'ascending', 'BUYERS_CONCENTRATED', ({ sale }) => concentration(sale)),
  feature('supplier_hhi', 'ascending', 'SUPPLIERS_CONCENTRATED', ({ purchase }) =>
    concentration(purchase),
  ),
  feature('ln_sales_growth_365', 'valley', 'SALES_FALLING', ({ sales365Fen, salesBefore365Fen }) =>
    lnGrowth(sales365Fen, salesBefore365Fen),
  ),
  feature('margin', 'valley', 'MARGIN_UNUSUAL', margin),
  feature('ln_lowest_month', 'descending', 'SALES_TOO_LOW', ({ monthly }) =>
    lnYuan(monthly.lowestMonthFen),
  ),
  feature('ln_median_month', 'descending', 'SALES_TOO_LOW', ({ monthly }) =>
    lnYuan(monthly.twiceMedianMonthFen / 2n),
  ),
  feature('ln_sales_growth_90', 'valley', 'SALES_FALLING', ({ sales90Fen, salesBefore90Fen }) =>
    lnGrowth(sales90Fen, salesBefore90Fen),
  ),
  feature('top_customer_share', 'ascending', 'BUYERS_CONCENTRATED', ({ sale }) =>
    share(Number(sale.greatestFen), Number(sale.positiveFen)),
  ),
];

/** Names the features and their versions; models trained on another set cannot score here. */
export const featureSetVersion = `invoices-1/${features.map(({ id, version }) => `${id}@${version}`).join(',')}`;

export const vectorOf = (facts: Facts): Float64Array =>
  Float64Array.from(features, ({ compute }) => compute(facts));
