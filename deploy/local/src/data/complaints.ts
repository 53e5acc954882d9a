/** What is wrong with files of a user, each with file, line and column, all told at once. */
const keptMax = 20;

/** The files were not taken; nothing was sent. */
export class DataRefused extends Error {
  override readonly name = 'DataRefused';
}

export class Complaints {
  readonly #lines: string[] = [];
  #count = 0;

  /** Lines and columns are counted from 1, columns in characters. */
  add(file: string, line: number, column: number, what: string): void {
    this.addFile(`${file}:${line}:${column}`, what);
  }

  addFile(place: string, what: string): void {
    this.#count += 1;
    if (this.#lines.length < keptMax) this.#lines.push(`${place}: ${what}`);
  }

  /** Throws DataRefused when there are any. */
  throwIfAny(): void {
    if (this.#count === 0) return;
    const more = this.#count - this.#lines.length;
    const rest = more > 0 ? [`and ${more} more`] : [];
    throw new DataRefused([...this.#lines, ...rest, 'Nothing was imported.'].join('\n'));
  }
}
