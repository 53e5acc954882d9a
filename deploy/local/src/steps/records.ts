/** Sends invoices by the stream of the public api: a stream a firm, messages of up to 1,000 records. */
import type { MessageInitShape } from '@bufbuild/protobuf';
import {
  InvoiceDirection,
  InvoiceStatus,
  type StreamTradingRecordsRequestSchema,
  type TradingRecordSchema,
} from '@lianbao/api/lianbao/scoring/v1/scoring_service_pb';
import { toDate, toMoney } from '@lianbao/grpc';
import { dayOfIndex, fen, Refusal } from '@lianbao/kernel';
import { externalIdOf } from '../market/invoice-identity.ts';
import type { Firm, Invoice } from '../market/market.ts';
import type { Clients } from '../partners.ts';
import { atMost } from './at-most.ts';
import { sellerNameOf } from './sellers.ts';

export const recordSource = 'vat';
const recordsPerMessage = 1_000;
const failuresMax = 5; // Of one firm.

export interface Imported {
  readonly accepted: number;
  readonly duplicate: number;
}

/** `progress` hears how many of all are stored. Throws when the service finds a conflict. */
export async function importInvoices(
  { records }: Clients,
  firms: readonly Firm[],
  streamsAtOnce: number,
  progress: (storedCount: number) => void,
): Promise<Imported> {
  const total = { accepted: 0, duplicate: 0 };
  // The largest first, or the last stream would run alone.
  const queue = firms.toSorted((a, b) => b.invoices.count - a.invoices.count);
  await atMost(streamsAtOnce, queue, async (firm) => {
    let stored = 0; // Of this firm, acknowledged: when a stream breaks off, the next goes on from here.
    let failures = 0;
    while (stored < firm.invoices.count) {
      try {
        for await (const answer of records.streamTradingRecords(messagesOf(firm, stored))) {
          const [conflict] = answer.conflictIndexes;
          if (conflict !== undefined) {
            const { number, day } = firm.invoices.at(stored + conflict);
            throw new Error(
              `${firm.code}: invoice ${number} of ${dayOfIndex(day)} is stored with other content`,
            );
          }
          stored += answer.acceptedCount + answer.duplicateCount;
          total.accepted += answer.acceptedCount;
          total.duplicate += answer.duplicateCount;
          progress(total.accepted + total.duplicate);
        }
      } catch (error) {
        failures += 1;
        const again = error instanceof Refusal && error.kind === 'UNAVAILABLE';
        if (!again || failures > failuresMax) throw error;
      }
    }
  });
  return total;
}

async function* messagesOf(
  firm: Firm,
  from: number,
): AsyncGenerator<MessageInitShape<typeof StreamTradingRecordsRequestSchema>> {
  const parent = sellerNameOf(firm);
  for (let at = from; at < firm.invoices.count; at += recordsPerMessage) {
    const end = Math.min(at + recordsPerMessage, firm.invoices.count);
    const part = Array.from({ length: end - at }, (_, index) => firm.invoices.at(at + index));
    yield { parent, records: part.map(tradingRecordOf) };
  }
}

export const tradingRecordOf = (
  invoice: Invoice,
): MessageInitShape<typeof TradingRecordSchema> => ({
  source: recordSource,
  externalId: externalIdOf(invoice),
  revision: invoice.revision,
  eventDate: toDate(dayOfIndex(invoice.day)),
  record: {
    case: 'invoice',
    value: {
      direction: InvoiceDirection[invoice.direction],
      counterpartyKey: invoice.counterparty,
      netAmount: toMoney(fen(invoice.netFen)),
      taxAmount: toMoney(fen(invoice.taxFen)),
      status: invoice.isVoid ? InvoiceStatus.VOID : InvoiceStatus.VALID,
    },
  },
});
