/**
 * A folder of firms and their invoices like `cumcm2020c`: two lists of firms and four files of invoices.
 * All of it is read and checked before anything is sent, so that a bad file leaves nothing half-imported.
 */
import { join, resolve } from 'node:path';
import type { CalendarDate } from '@lianbao/kernel';
import { InvoiceColumns } from '../market/invoice-columns.ts';
import { collapse } from '../market/invoice-identity.ts';
import type { Firm, MarketData } from '../market/market.ts';
import { sales12mFen } from '../market/yearly-sales.ts';
import { Complaints } from './complaints.ts';
import { derivedKind, derivedRegion, derivedTrade } from './derived.ts';
import { type Enterprise, readEnterprises } from './enterprises.ts';
import { readInvoices } from './invoices.ts';
import { textLines } from './text-lines.ts';

const parts = [
  { list: 'enterprises.csv', labelled: true, invoices: 'credit' },
  { list: 'enterprises_unlabelled.csv', labelled: false, invoices: 'nocredit' },
] as const;
const directions = [
  ['output', 'SALE'],
  ['input', 'PURCHASE'],
] as const;

export interface DataFolder {
  /** Relative to `from`, or absolute; so it stands in complaints. */
  readonly given: string;
  readonly from: string;
}

/** Throws DataRefused with the places of all that is wrong. */
export async function readFolder(
  { given, from }: DataFolder,
  asOf: CalendarDate,
): Promise<MarketData> {
  const complaints = new Complaints();
  const open = (file: string) => {
    const name = join(given, file);
    return { name, lines: textLines(resolve(from, given, file), name, complaints) };
  };
  const enterprises = new Map<string, Enterprise>();
  const rows = new Map<string, InvoiceColumns>();
  let rowCount = 0;
  for (const { list, labelled, invoices } of parts) {
    const codes = await readEnterprises({ ...open(list), labelled }, enterprises, complaints);
    const ofList = new Map(codes.map((code) => [code, new InvoiceColumns()]));
    for (const [part, direction] of directions) {
      const file = open(`${invoices}_${part}_invoices.csv.gz`);
      const origin = { ...file, direction, listName: join(given, list) };
      rowCount += await readInvoices(origin, ofList, asOf, complaints);
    }
    for (const [code, columns] of ofList) rows.set(code, columns);
  }
  complaints.throwIfAny();
  for (const { code, file, line, isBad } of enterprises.values()) {
    // A model cannot learn from a firm without records.
    const isEmpty = isBad !== undefined && rows.get(code)?.count === 0;
    if (isEmpty) complaints.add(file, line, 1, `enterprise ${code} has no invoices`);
  }
  complaints.throwIfAny();
  return { ...firmsOf(enterprises, rows, asOf), origin: 'REAL', asOf, rowCount };
}

/** Empties `rows` as it goes: there are a million. */
function firmsOf(
  enterprises: ReadonlyMap<string, Enterprise>,
  rows: Map<string, InvoiceColumns>,
  asOf: CalendarDate,
): Pick<MarketData, 'firms' | 'copyCount' | 'correctionCount'> {
  const firms: Firm[] = [];
  let [copyCount, correctionCount] = [0, 0];
  for (const { code, name, isBad } of enterprises.values()) {
    const collapsed = collapse(rows.get(code) ?? []);
    rows.delete(code);
    copyCount += collapsed.copyCount;
    correctionCount += collapsed.correctionCount;
    const number = firms.length + 1;
    firms.push({
      code,
      number,
      legalName: name,
      kind: derivedKind(name),
      tradeCategory: derivedTrade(name),
      regionCode: derivedRegion(number),
      isBad,
      invoices: collapsed.invoices,
      sales12mFen: sales12mFen(collapsed.invoices, asOf),
    });
  }
  return { firms, copyCount, correctionCount };
}
