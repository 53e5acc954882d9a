/**
 * The lines of a text file, plain or gzip, as they are read: a file is never in memory whole. What is
 * cut, broken or not UTF-8 is told with its place, and ends the lines.
 */
import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Complaints } from './complaints.ts';

export interface Lines {
  /** Number of the first of them, from 1. */
  readonly first: number;
  /** Without their ends, LF or CRLF. */
  readonly texts: readonly string[];
}

const newline = 10;

/** Gives the lines of each part that was read; an empty file has one empty line. */
export async function* textLines(
  path: string,
  name: string,
  complaints: Complaints,
): AsyncGenerator<Lines> {
  const file = createReadStream(path);
  let given = 0;
  let rest: Buffer = Buffer.alloc(0);
  const linesOf = (bytes: Buffer): Lines => {
    const text = new TextDecoder('utf-8', { ignoreBOM: given > 0 }).decode(bytes);
    const texts = text.split('\n');
    const first = given + 1;
    given += texts.length;
    if (text.includes('\r')) return { first, texts: texts.map((line) => line.replace(/\r$/, '')) };
    return { first, texts };
  };
  try {
    for await (const chunk of path.endsWith('.gz') ? unzipped(file) : file) {
      rest = Buffer.concat([rest, chunk]);
      const end = rest.lastIndexOf(newline);
      if (end === -1) continue;
      const whole = rest.subarray(0, end);
      if (!isUtf8(whole)) return notUtf8(complaints, name, given, whole);
      rest = rest.subarray(end + 1);
      yield linesOf(whole);
    }
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') complaints.addFile(name, 'there is no such file');
    else if (code.startsWith('Z_')) {
      const column = new TextDecoder().decode(rest).length + 1;
      complaints.add(name, given + 1, column, brokenGzip(code));
    } else complaints.addFile(name, `cannot be read: ${(error as Error).message}`);
    return;
  }
  if (!isUtf8(rest)) return notUtf8(complaints, name, given, rest);
  if (rest.length > 0 || given === 0) yield linesOf(rest);
}

function unzipped(file: Readable): Readable {
  const gunzip = createGunzip();
  file.once('error', (error) => gunzip.destroy(error));
  return file.pipe(gunzip);
}

const brokenGzip = (code: string): string =>
  code === 'Z_BUF_ERROR'
    ? 'the gzip file is cut off here'
    : `is no sound gzip file from here on (${code})`;

/** Names the first byte that is not UTF-8; looks for it in the one line that holds it. */
function notUtf8(complaints: Complaints, name: string, before: number, bytes: Buffer): void {
  let number = before;
  for (let from = 0; from <= bytes.length; ) {
    const end = bytes.indexOf(newline, from);
    const line = bytes.subarray(from, end === -1 ? bytes.length : end);
    number += 1;
    if (!isUtf8(line)) {
      let length = line.length;
      // A prefix that ends inside a character is not UTF-8 either: the longest sound one counts.
      while (!isUtf8(line.subarray(0, length))) length -= 1;
      const column = new TextDecoder().decode(line.subarray(0, length)).length + 1;
      complaints.add(name, number, column, 'is not UTF-8 here');
      return;
    }
    from += line.length + 1;
  }
}
