/** What a run is made on, said before it starts: what is real, what derived, what synthetic. */
import { invoiceCount, type MarketData } from '../market/market.ts';
import { whole } from './progress.ts';

export interface Surroundings {
  /** The folder as it was given; undefined for a synthetic market. */
  readonly folder: string | undefined;
  readonly bus: string;
  readonly seed: number;
}

export function reportData(data: MarketData, { folder, bus, seed }: Surroundings): string[] {
  const { firms, rowCount, copyCount, correctionCount, asOf } = data;
  const labelled = firms.filter(({ isBad }) => isBad !== undefined);
  const badCount = labelled.filter(({ isBad }) => isBad).length;
  const counts = `${whole(firms.length)} firms, ${whole(rowCount)} invoice rows`;
  const outcomes = `outcomes of ${labelled.length} firms (${badCount} defaulted)`;
  const made = 'identity numbers, controllers, documents, signatures, platform, bank';
  const real = [
    `real       ${counts} of ${folder}; ${outcomes}`,
    `           ${whole(copyCount)} rows repeat another in full and count once; ${correctionCount} correct another and go in as its next revision`,
    `           ${whole(invoiceCount(data))} records are left`,
    "derived    kind (公司: company), trade (by words of the name), region (drawn), net assets (half a year's sales),",
    '           amount asked (a tenth of 12-month sales, to 10,000 yuan, within 20,000 to 500,000)',
    `synthetic  ${made}`,
  ];
  const synthetic = [
    `synthetic  everything: ${counts}, ${outcomes}, drawn from seed ${seed};`,
    `           ${made}; no firm here exists`,
  ];
  return [
    `clock      ${asOf} 09:00 Asia/Shanghai at the start`,
    `bus        ${bus}`,
    'database   PostgreSQL in a temporary folder, removed at the end',
    ...(data.origin === 'REAL' ? real : synthetic),
  ];
}
