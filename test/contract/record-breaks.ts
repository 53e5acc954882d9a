/** What can be wrong with a trading record. Its fields are checked by the service, not by rules of the contract. */
import type { Message } from '@bufbuild/protobuf';
import type {
  Invoice,
  SubmitTradingRecordsRequest,
  TradingRecord,
} from '@lianbao/api/lianbao/scoring/v1/scoring_service_pb';
import type { Break } from './breaks.ts';
import { hostileTexts } from './hostile-values.ts';

const recordIn = (request: Message): TradingRecord =>
  (request as SubmitTradingRecordsRequest).records[0] as TradingRecord;

function invoiceIn(request: Message): Invoice {
  const { record } = recordIn(request);
  if (record.case !== 'invoice') throw new Error('the sample holds no invoice');
  return record.value;
}

const inRecord = (path: string, how: string, change: (record: TradingRecord) => void): Break => ({
  path: `records[0].${path}`,
  how,
  apply: (request) => change(recordIn(request)),
});

const inInvoice = (path: string, how: string, change: (invoice: Invoice) => void): Break => ({
  path: `records[0].invoice.${path}`,
  how,
  apply: (request) => change(invoiceIn(request)),
});

const outside = (pattern: RegExp) => hostileTexts.filter((text) => !pattern.test(text));
const shown = (text: string) => JSON.stringify(text.slice(0, 40));

export const recordBreaks: readonly Break[] = [
  ...outside(/^[a-z0-9-]{1,63}$/).map((text) =>
    inRecord('source', shown(text), (record) => {
      record.source = text;
    }),
  ),
  ...outside(/^[\x20-\x7e]{1,100}$/).map((text) =>
    inRecord('external_id', shown(text), (record) => {
      record.externalId = text;
    }),
  ),
  ...outside(/^[A-Za-z0-9_-]{1,64}$/).map((text) =>
    inInvoice('counterparty_key', shown(text), (invoice) => {
      invoice.counterpartyKey = text;
    }),
  ),
  ...[0, -1, 2_147_483_647].map((revision) =>
    inRecord('revision', String(revision), (record) => {
      record.revision = revision;
    }),
  ),
  ...([0, 3, -1] as never[]).flatMap((number) => [
    inInvoice('direction', String(number), (invoice) => {
      invoice.direction = number;
    }),
    inInvoice('status', String(number), (invoice) => {
      invoice.status = number;
    }),
  ]),
  inRecord('event_date', 'missing', (record) => {
    delete record.eventDate;
  }),
  inRecord('event_date', 'the day after tomorrow', (record) => {
    if (record.eventDate !== undefined) record.eventDate.day += 2;
  }),
  inRecord('invoice', 'missing', (record) => {
    record.record = { case: undefined };
  }),
  inInvoice('net_amount', 'missing', (invoice) => {
    delete invoice.netAmount;
  }),
  inInvoice('tax_amount', 'missing', (invoice) => {
    delete invoice.taxAmount;
  }),
];
