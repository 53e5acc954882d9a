/** Rows of the four invoice files: sales or purchases of the firms of one list. */
import { type CalendarDate, calendarDate, dayIndex } from '@lianbao/kernel';
import type { InvoiceColumns } from '../market/invoice-columns.ts';
import type { DayIndex, Invoice } from '../market/market.ts';
import type { Complaints } from './complaints.ts';
import { readCsv } from './csv.ts';
import type { Lines } from './text-lines.ts';

export interface InvoiceFile {
  readonly name: string;
  readonly lines: AsyncIterable<Lines>;
  readonly direction: Invoice['direction'];
  /** Says who the firms of this file are, for the complaint. */
  readonly listName: string;
}

const columns = [
  'enterprise',
  'invoice_no',
  'date',
  'counterparty',
  'amount',
  'tax',
  'total',
  'status',
] as const;
const at = Object.fromEntries(columns.map((name, place) => [name, place])) as Readonly<
  Record<(typeof columns)[number], number>
>;

const numberShape = /^[A-Za-z0-9-]{1,20}$/;
const counterpartyShape = /^[A-Za-z0-9_-]{1,40}$/;
const amountShape = /^(-?)(\d{1,12})(?:\.(\d{1,2}))?$/;
const statuses: Readonly<Record<string, boolean>> = { valid: false, void: true };
const firstDay = '1994-01-01'; // Value-added tax as it is today began then.

/** Adds each row to its firm; returns the number of rows. Of copies it knows nothing. */
export async function readInvoices(
  { name: file, lines, direction, listName }: InvoiceFile,
  firms: ReadonlyMap<string, InvoiceColumns>,
  asOf: CalendarDate,
  complaints: Complaints,
): Promise<number> {
  const days = new Map<string, DayIndex | string>();
  const dayOf = (date: string): DayIndex | string => {
    const known = days.get(date);
    if (known !== undefined) return known;
    const found = readDay(date, asOf);
    days.set(date, found);
    return found;
  };
  const counterparties = new Map<string, string>();
  let rowCount = 0;
  await readCsv(file, lines, columns, complaints, (row) => {
    rowCount += 1;
    const code = row.text(at.enterprise);
    const firm = firms.get(code);
    if (firm === undefined) row.refuse(at.enterprise, `enterprise "${code}" is not in ${listName}`);
    const number = row.text(at.invoice_no);
    if (!numberShape.test(number)) {
      row.refuse(at.invoice_no, `"${number}" is no number: letters, digits and -, 1 to 20`);
    }
    const day = dayOf(row.text(at.date));
    if (typeof day === 'string') row.refuse(at.date, day);
    const counterparty = row.text(at.counterparty);
    if (!counterparties.has(counterparty)) {
      if (!counterpartyShape.test(counterparty)) {
        row.refuse(at.counterparty, `"${counterparty}" is no code: A-Z a-z 0-9 _ -, 1 to 40`);
      } else counterparties.set(counterparty, counterparty);
    }
    const [netFen, taxFen, totalFen] = [at.amount, at.tax, at.total].map((column) => {
      const fen = readFen(row.text(column));
      if (fen === undefined) {
        row.refuse(column, `"${row.text(column)}" is no amount in yuan with two decimals`);
      }
      return fen;
    });
    const isVoid = statuses[row.text(at.status)];
    if (isVoid === undefined)
      row.refuse(at.status, `"${row.text(at.status)}" is not valid or void`);

    const complete = [netFen, taxFen, totalFen, isVoid].every((each) => each !== undefined);
    if (firm === undefined || typeof day === 'string' || !complete) return;
    firm.add({
      direction,
      number,
      day,
      counterparty: counterparties.get(counterparty) ?? counterparty,
      netFen: netFen as bigint,
      taxFen: taxFen as bigint,
      isVoid: isVoid as boolean,
      revision: 1,
    });
  });
  return rowCount;
}

/** The day, or what is wrong with it. */
function readDay(text: string, asOf: CalendarDate): DayIndex | string {
  const date = calendarDate(text);
  if (date === undefined) return `"${text}" is no day of the calendar, as YYYY-MM-DD`;
  if (date < firstDay) return `${date} is before ${firstDay}`;
  return date > asOf ? `${date} is after ${asOf}, the day of the demo` : dayIndex(date);
}

function readFen(text: string): bigint | undefined {
  const match = amountShape.exec(text);
  if (match === null) return undefined;
  const fen = BigInt((match[2] as string) + (match[3] ?? '').padEnd(2, '0'));
  return match[1] === '-' ? -fen : fen;
}
