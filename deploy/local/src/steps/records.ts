/** Sends invoices by the stream of the public api: a stream a firm, messages of up to 1,000 records. */
import type { MessageInitShape } from '@bufbuild/protobuf';
import {
  InvoiceDirection,
  InvoiceStatus,
  type StreamTradingRecordsRequestSchema,
  type TradingRecordSchema,
} from '@lianbao/api/lianbao/scoring/v1/scoring_service_pb';
import { toDate, toMoney } from '@lianbao/grpc';
import { dayOfIndex, fen } from '@lianbao/kernel';
import { externalIdOf } from '../market/invoice-identity.ts';
import type { Firm, Invoice } from '../market/market.ts';
import type { Clients } from '../partners.ts';
import { atMost } from './at-most.ts';
import { brokeOff } from './broken-stream.ts';
import { sellerNameOf } from './sellers.ts';
import { SendWindow } from './send-window.ts';

export const recordSource = 'vat';
const recordsPerMessage = 1_000;
/** Of one stream: one is stored while the next is read. */
const messagesUnderWay = 2;
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
      const window = new SendWindow(messagesUnderWay);
      try {
        const messages = messagesOf(firm, stored, window);
        for await (const answer of records.streamTradingRecords(messages)) {
          window.leave();
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
        if (!brokeOff(error) || failures > failuresMax) throw error;
      }
    }
  });
  return total;
}

async function* messagesOf(
  firm: Firm,
  from: number,
  window: SendWindow,
): AsyncGenerator<MessageInitShape<typeof StreamTradingRecordsRequestSchema>> {
  const parent = sellerNameOf(firm);
  for (let at = from; at < firm.invoices.count; at += recordsPerMessage) {
    const end = Math.min(at + recordsPerMessage, firm.invoices.count);
    const part = Array.from({ length: end - at }, (_, index) => firm.invoices.at(at + index));
    await window.enter();
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
