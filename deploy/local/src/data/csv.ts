/**
 * Comma-separated text with a header line: columns in any order, LF or CRLF, fields may stand in double
 * quotes. A field does not run over the end of its line.
 */
import type { Complaints } from './complaints.ts';

/** One row. The same object serves all rows of a file: read it before the next one comes. */
export interface CsvRow {
  readonly line: number;
  /** The field of a wanted column, by its place among the wanted ones. */
  text(wanted: number): string;
  /** Complains of that field. */
  refuse(wanted: number, what: string): void;
}

/** Calls `take` for each row; a header without a wanted column is told, and then no row is read. */
export function readCsv(
  name: string,
  text: string,
  wanted: readonly string[],
  complaints: Complaints,
  take: (row: CsvRow) => void,
): void {
  const lines = linesOf(text);
  const first = lines.next();
  const header = first.done ? [] : splitLine(first.value.text).fields;
  const places = wanted.map((column) => header.indexOf(column));
  for (const [at, column] of wanted.entries()) {
    const twice = header.indexOf(column) !== header.lastIndexOf(column);
    if (twice) complaints.add(name, 1, 1, `column "${column}" is there twice`);
    if (places[at] !== -1) continue;
    const end = first.done ? 1 : first.value.text.length + 1;
    complaints.add(name, 1, end, `column "${column}" is missing`);
  }
  if (places.includes(-1)) return;

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
  for (const { line, text: rowText } of lines) {
    if (rowText === '') {
      complaints.add(name, line, 1, 'the line is empty');
      continue;
    }
    const plain = !rowText.includes('"');
    const { fields, fault } = plain ? { fields: rowText.split(',') } : splitLine(rowText);
    if (fault !== undefined) {
      complaints.add(name, line, fault, 'the quotes do not match');
    } else if (fields.length !== header.length) {
      const what = `has ${fields.length} fields, the header ${header.length}`;
      complaints.add(name, line, rowText.length + 1, what);
    } else {
      current.line = line;
      current.text = rowText;
      current.fields = fields;
      take(row);
    }
  }
}

function* linesOf(text: string): Generator<{ readonly line: number; readonly text: string }> {
  let from = 0;
  for (let line = 1; from < text.length; line += 1) {
    const newline = text.indexOf('\n', from);
    const end = newline === -1 ? text.length : newline;
    yield { line, text: text.slice(from, text[end - 1] === '\r' ? end - 1 : end) };
    from = end + 1;
  }
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
