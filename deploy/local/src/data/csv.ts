/**
 * Comma-separated text with a header line: columns in any order, LF or CRLF, fields may stand in double
 * quotes. A field does not run over the end of its line.
 */
import type { Complaints } from './complaints.ts';
import type { Lines } from './text-lines.ts';

/** One row. The same object serves all rows of a file: read it before the next one comes. */
export interface CsvRow {
  readonly line: number;
  /** The field of a wanted column, by its place among the wanted ones. */
  text(wanted: number): string;
  /** Complains of that field. */
  refuse(wanted: number, what: string): void;
}

/** Calls `take` for each row; a header without a wanted column is told, and then no row is read. */
export async function readCsv(
  name: string,
  lines: AsyncIterable<Lines>,
  wanted: readonly string[],
  complaints: Complaints,
  take: (row: CsvRow) => void,
): Promise<void> {
  let rows: RowReader | undefined;
  for await (const { first, texts } of lines) {
    for (const [index, text] of texts.entries()) {
      if (rows !== undefined) rows(first + index, text);
      else {
        rows = rowReader(name, text, wanted, complaints, take);
        if (rows === undefined) return;
      }
    }
  }
}

type RowReader = (line: number, text: string) => void;

/** Undefined when the header does not do. */
function rowReader(
  name: string,
  headerText: string,
  wanted: readonly string[],
  complaints: Complaints,
  take: (row: CsvRow) => void,
): RowReader | undefined {
  const header = splitLine(headerText).fields;
  const places = wanted.map((column) => header.indexOf(column));
  for (const [at, column] of wanted.entries()) {
    const twice = header.indexOf(column) !== header.lastIndexOf(column);
    if (twice) complaints.add(name, 1, 1, `column "${column}" is there twice`);
    if (places[at] !== -1) continue;
    complaints.add(name, 1, headerText.length + 1, `column "${column}" is missing`);
  }
  if (places.includes(-1)) return undefined;

  const current = { line: 0, text: '', fields: header };
  const row: CsvRow = {
    get line() {
      return current.line;
    },
    text: (at) => current.fields[places[at] as number] as string,
    refuse: (at, what) => {
      const { columns } = splitLine(current.text);
      complaints.add(name, current.line, columns[places[at] as number] as number, what);
    },
  };
  return (line, text) => {
    if (text === '') {
      complaints.add(name, line, 1, 'the line is empty');
      return;
    }
    const plain = !text.includes('"');
    const { fields, fault } = plain ? { fields: text.split(',') } : splitLine(text);
    if (fault !== undefined) {
      complaints.add(name, line, fault, 'the quotes do not match');
    } else if (fields.length !== header.length) {
      const what = `has ${fields.length} fields, the header ${header.length}`;
      complaints.add(name, line, text.length + 1, what);
    } else {
      current.line = line;
      current.text = text;
      current.fields = fields;
      take(row);
    }
  };
}

/** The fields, the column where each begins, and the column where quotes stop making sense. */
function splitLine(text: string): {
  readonly fields: string[];
  readonly columns: readonly number[];
  readonly fault?: number;
} {
  const fields: string[] = [];
  const columns: number[] = [];
  for (let from = 0; ; ) {
    columns.push(from + 1);
    if (text[from] !== '"') {
      const comma = text.indexOf(',', from);
      const field = text.slice(from, comma === -1 ? undefined : comma);
      if (field.includes('"')) return { fields, columns, fault: from + field.indexOf('"') + 1 };
      fields.push(field);
      if (comma === -1) return { fields, columns };
      from = comma + 1;
    } else {
      const quoted = /"((?:[^"]|"")*)"(,|$)/y;
      quoted.lastIndex = from;
      const match = quoted.exec(text);
      if (match === null) return { fields, columns, fault: from + 1 };
      fields.push((match[1] as string).replaceAll('""', '"'));
      if (match[2] === '') return { fields, columns };
      from = quoted.lastIndex;
    }
  }
}
