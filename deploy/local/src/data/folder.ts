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
import { readTextFile } from './text-file.ts';

const lists = [
  { name: 'enterprises.csv', labelled: true, invoices: 'credit' },
  { name: 'enterprises_unlabelled.csv', labelled: false, invoices: 'nocredit' },
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
  const read = (name: string) =>
    readTextFile(resolve(from, given, name), join(given, name), complaints);
  const enterprises = new Map<string, Enterprise>();
  const rows = new Map<string, InvoiceColumns>();
  let rowCount = 0;
  for (const { name, labelled, invoices } of lists) {
    const known = new Set(enterprises.keys());
    const list = await read(name);
    if (list !== undefined)
      readEnterprises({ name: join(given, name), text: list, labelled }, enterprises, complaints);
    const ofList = new Map<string, InvoiceColumns>();
    for (const code of enterprises.keys())
      if (!known.has(code)) ofList.set(code, new InvoiceColumns());
    for (const [part, direction] of directions) {
      const file = `${invoices}_${part}_invoices.csv.gz`;
      const text = await read(file);
      if (text === undefined || list === undefined) continue;
      rowCount += readInvoices(
        { name: join(given, file), text, direction, listName: name },
        ofList,
        asOf,
        complaints,
      );
    }
    for (const [code, columns] of ofList) rows.set(code, columns);
  }
  complaints.throwIfAny();

  const firms: Firm[] = [];
  let copyCount = 0;
  let correctionCount = 0;
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
  return { origin: 'REAL', asOf, firms, rowCount, copyCount, correctionCount };
}
