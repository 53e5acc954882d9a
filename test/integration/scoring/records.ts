/** Trading records for tests: hand-made, seeded, of nobody. */
import type { Message, MessageInitShape } from '@bufbuild/protobuf';
import {
  InvoiceDirection,
  InvoiceStatus,
  type TradingRecordSchema,
} from '@lianbao/api/lianbao/scoring/v1/scoring_service_pb';
import { addDays, type CalendarDate, partsOf } from '@lianbao/kernel';
import { seededRandom } from '@lianbao/scorecard';

/** A record as a literal may be changed and sent. */
export type Record = Exclude<MessageInitShape<typeof TradingRecordSchema>, Message>;

export interface InvoiceOf {
  readonly id: string;
  readonly date: string;
  readonly fen?: bigint;
  readonly revision?: number;
  readonly purchase?: boolean;
  readonly isVoid?: boolean;
  readonly counterparty?: string;
  readonly taxFen?: bigint;
  readonly source?: string;
}

export const moneyOf = (fen: bigint) => ({
  currencyCode: 'CNY',
  units: fen / 100n,
  nanos: Number(fen % 100n) * 10_000_000,
});

export const invoice = ({
  id,
  date,
  fen = 100_000n,
  revision = 1,
  purchase = false,
  isVoid = false,
  counterparty = 'C1',
  taxFen = 0n,
  source = 'golden-tax',
}: InvoiceOf): Record => ({
  source,
  externalId: id,
  revision,
  eventDate: partsOf(date as CalendarDate),
  record: {
    case: 'invoice',
    value: {
      direction: purchase ? InvoiceDirection.PURCHASE : InvoiceDirection.SALE,
      counterpartyKey: counterparty,
      netAmount: moneyOf(fen),
      taxAmount: moneyOf(taxFen),
      status: isVoid ? InvoiceStatus.VOID : InvoiceStatus.VALID,
    },
  },
});

/** A shop's invoices over the days before `until`: seeded; a strong shop sells steadily, a weak one little. */
export function tradeOf(
  seed: number,
  strength: number,
  { until = '2020-02-20', days = 700, each = 4 } = {},
): Record[] {
  const random = seededRandom(seed);
  const records: Record[] = [];
  for (let back = days; back >= 0; back -= each) {
    const date = addDays(until as CalendarDate, -back);
    const sold = BigInt(Math.round((20_000 + 400_000 * random.unit()) * strength));
    records.push(
      invoice({
        id: `S${back}`,
        date,
        fen: random.below(40) === 0 ? -sold : sold,
        taxFen: sold / 20n,
        isVoid: random.below(strength < 0.4 ? 6 : 25) === 0,
        counterparty: `C${random.below(Math.ceil(30 * strength) + 1)}`,
      }),
    );
    if (random.below(2) === 0) {
      records.push(
        invoice({
          id: `P${back}`,
          date,
          fen: (sold * 7n) / 10n,
          purchase: true,
          counterparty: `D${random.below(Math.ceil(12 * strength) + 1)}`,
        }),
      );
    }
  }
  return records;
}
