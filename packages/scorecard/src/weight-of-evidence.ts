/** Weight of evidence, ln(share of goods / share of bads): high is safe. Information value is its mean pull. */
import { log } from '@lianbao/kernel';

export interface Totals {
  readonly goods: number;
  readonly bads: number;
}

/** Of a bin the programme has made: half a row is added to either side, so it is finite. */
export const regularWeight = (g: number, b: number, { goods, bads }: Totals): number =>
  log((g + 0.5) / (goods + 1) / ((b + 0.5) / (bads + 1)));

/** Of a bin that nobody chose (special, missing, other): pulled towards 0 by m rows at base odds. */
export function shrunkWeight(g: number, b: number, { goods, bads }: Totals, m: number): number {
  const rows = goods + bads;
  return log((g + (m * goods) / rows) / goods) - log((b + (m * bads) / rows) / bads);
}

/** A bin's part of the information value. */
export const informationPart = (
  g: number,
  b: number,
  { goods, bads }: Totals,
  weight: number,
): number => (g / goods - b / bads) * weight;
