/** Delimited text as columns of codes and numbers, for the accuracy run only. Strings stay strings. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

export interface TextTable {
  readonly names: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export function readText(path: string): string {
  const bytes = readFileSync(path);
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  return text.replace(/^\uFEFF/, '');
}

/** First line is the header; quoted cells may hold commas. */
export function readCsv(path: string): TextTable {
  const [header = '', ...lines] = linesOf(readText(path));
  return { names: cellsOf(header), rows: lines.map(cellsOf) };
}

/** Cells parted by spaces; without a header the names are `c1`, `c2`... */
export function readSpaced(path: string, withHeader: boolean): TextTable {
  const rows = linesOf(readText(path)).map((line) => line.trim().split(/\s+/));
  if (withHeader) return { names: rows[0] ?? [], rows: rows.slice(1) };
  return { names: (rows[0] ?? []).map((_, at) => `c${at + 1}`), rows };
}

/** The data part of an ARFF file. */
export function readArff(path: string): TextTable {
  const lines = linesOf(readText(path));
  const start = lines.findIndex((line) => /^@data/i.test(line)) + 1;
  const rows = lines.slice(start).map((line) => line.split(','));
  return { names: (rows[0] ?? []).map((_, at) => `X${at + 1}`), rows };
}

export const linesOf = (text: string): string[] =>
  text.split(/\r?\n/).filter((line) => line.trim() !== '');

function cellsOf(line: string): string[] {
  if (!line.includes('"')) return line.split(',');
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  );
}

export function cellColumn({ names, rows }: TextTable, name: string): string[] {
  const at = names.indexOf(name);
  if (at < 0) throw new RangeError(`no column ${name}`);
  return rows.map((row) => row[at] ?? '');
}

/** Empty, `?` and `NA` are missing. */
export const numbers = (cells: readonly string[]): Float64Array =>
  Float64Array.from(cells, (cell) =>
    cell === '' || cell === '?' || cell === 'NA' ? Number.NaN : Number(cell),
  );

/** Codes in the order of the sorted symbols. */
export function codes(cells: readonly string[]): Float64Array {
  const symbols = [...new Set(cells)].filter((cell) => cell !== '' && cell !== 'NA').sort();
  const code = new Map(symbols.map((symbol, at) => [symbol, at]));
  return Float64Array.from(cells, (cell) => code.get(cell) ?? Number.NaN);
}
