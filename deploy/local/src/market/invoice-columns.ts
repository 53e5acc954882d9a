/** Many invoices of one firm in little memory: a column each, some 45 bytes a row. */
import type { Invoice } from './market.ts';

const firstSize = 64;

export class InvoiceColumns {
  #count = 0;
  #sizes = firstSize;
  #days = new Int32Array(firstSize);
  #netFen = new BigInt64Array(firstSize);
  #taxFen = new BigInt64Array(firstSize);
  #revisions = new Uint16Array(firstSize);
  #isSale = new Uint8Array(firstSize);
  #isVoid = new Uint8Array(firstSize);
  readonly #numbers: string[] = [];
  readonly #counterparties: string[] = [];

  get count(): number {
    return this.#count;
  }

  add(invoice: Invoice): void {
    if (this.#count === this.#sizes) this.#grow();
    const at = this.#count;
    this.#days[at] = invoice.day;
    this.#netFen[at] = invoice.netFen;
    this.#taxFen[at] = invoice.taxFen;
    this.#revisions[at] = invoice.revision;
    this.#isSale[at] = invoice.direction === 'SALE' ? 1 : 0;
    this.#isVoid[at] = invoice.isVoid ? 1 : 0;
    this.#numbers.push(invoice.number);
    this.#counterparties.push(invoice.counterparty);
    this.#count += 1;
  }

  at(index: number): Invoice {
    if (!(index >= 0 && index < this.#count)) throw new RangeError(`no invoice ${index}`);
    return {
      direction: this.#isSale[index] === 1 ? 'SALE' : 'PURCHASE',
      number: this.#numbers[index] as string,
      day: this.#days[index] as number,
      counterparty: this.#counterparties[index] as string,
      netFen: this.#netFen[index] as bigint,
      taxFen: this.#taxFen[index] as bigint,
      isVoid: this.#isVoid[index] === 1,
      revision: this.#revisions[index] as number,
    };
  }

  *[Symbol.iterator](): Generator<Invoice> {
    for (let index = 0; index < this.#count; index += 1) yield this.at(index);
  }

  #grow(): void {
    this.#sizes *= 2;
    this.#days = larger(this.#days, new Int32Array(this.#sizes));
    this.#netFen = larger(this.#netFen, new BigInt64Array(this.#sizes));
    this.#taxFen = larger(this.#taxFen, new BigInt64Array(this.#sizes));
    this.#revisions = larger(this.#revisions, new Uint16Array(this.#sizes));
    this.#isSale = larger(this.#isSale, new Uint8Array(this.#sizes));
    this.#isVoid = larger(this.#isVoid, new Uint8Array(this.#sizes));
  }
}

function larger<Column extends { set(from: Column): void }>(from: Column, to: Column): Column {
  to.set(from);
  return to;
}
