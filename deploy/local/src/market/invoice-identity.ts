/**
 * Which rows tell of the same invoice (decisions.md 5): firm, direction, number, date, counterparty and
 * amount. A row that repeats all is a copy and counts once; one that differs in tax or status is a
 * correction, and goes in as the next revision.
 */
import { dayOfIndex } from '@lianbao/kernel';
import { InvoiceColumns } from './invoice-columns.ts';
import type { Invoice } from './market.ts';

/** The id under which a source sends an invoice: at most 100 printable characters. */
export const externalIdOf = ({ direction, number, day, counterparty, netFen }: Invoice): string =>
  `${direction === 'SALE' ? 'out' : 'in'}/${number}/${dayOfIndex(day)}/${counterparty}/${netFen}`;

export interface Collapsed {
  readonly invoices: InvoiceColumns;
  readonly copyCount: number;
  readonly correctionCount: number;
}

/** Keeps the order of the first of each. */
export function collapse(rows: Iterable<Invoice>): Collapsed {
  const invoices = new InvoiceColumns();
  const said = new Map<string, string[]>();
  let copyCount = 0;
  let correctionCount = 0;
  for (const row of rows) {
    const identity = externalIdOf(row);
    const content = `${row.taxFen} ${row.isVoid}`;
    const before = said.get(identity);
    if (before === undefined) said.set(identity, [content]);
    else if (before.includes(content)) {
      copyCount += 1;
      continue;
    } else {
      before.push(content);
      correctionCount += 1;
    }
    invoices.add({ ...row, revision: before?.length ?? 1 });
  }
  return { invoices, copyCount, correctionCount };
}
