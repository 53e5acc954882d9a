/** How a bin reads: `(1.5, 4]`, `2, 3, other`, `special 9999`, `missing`. */
import type { BinKind, BinnedFeature } from './binning.ts';
import type { BinLookup } from './lookup.ts';

export function binLabels({ lookup, bins }: BinnedFeature): string[] {
  const { specials, specialBin } = lookup;
  const labels: Readonly<Record<BinKind, (bin: number) => string>> = {
    MISSING: () => 'missing',
    SPECIAL: (bin) => `special ${specials[bin - specialBin]}`,
    OTHER: () => 'other',
    REGULAR: (bin) => regularLabel(lookup, bin),
  };
  return bins.map(({ kind }, bin) => labels[kind](bin));
}

function regularLabel({ cuts, levels, otherBin }: BinLookup, bin: number): string {
  if (levels === undefined) return interval(cuts[bin - 1], cuts[bin]);
  const codes = [...levels].filter(([, at]) => at === bin).map(([code]) => code);
  const named = codes.sort((a, b) => a - b).join(', ');
  return otherBin === bin ? `${named}, other` : named;
}

function interval(from: number | undefined, to: number | undefined): string {
  if (to === undefined) return from === undefined ? 'any' : `> ${from}`;
  return from === undefined ? `<= ${to}` : `(${from}, ${to}]`;
}
