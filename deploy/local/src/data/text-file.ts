/** Reads a text file, plain or gzip, whole. What is cut, broken or not UTF-8 is told with its place. */
import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Complaints } from './complaints.ts';

const newline = 10;

/** Undefined when it could not be read; `name` stands in the complaint. A byte-order mark is left out. */
export async function readTextFile(
  path: string,
  name: string,
  complaints: Complaints,
): Promise<string | undefined> {
  const file = createReadStream(path);
  const isGzip = path.endsWith('.gz');
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of isGzip ? unzipped(file) : file) chunks.push(chunk);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const read = Buffer.concat(chunks);
    if (code === 'ENOENT') complaints.addFile(name, 'there is no such file');
    else if (code?.startsWith('Z_') && isGzip) addAtEnd(complaints, name, read, brokenGzip(code));
    else complaints.addFile(name, `cannot be read: ${(error as Error).message}`);
    return undefined;
  }
  const bytes = Buffer.concat(chunks);
  if (isUtf8(bytes)) return new TextDecoder().decode(bytes);
  addAtEnd(complaints, name, validStart(bytes), 'is not UTF-8 here');
  return undefined;
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

/** Names the place right behind these bytes. */
function addAtEnd(complaints: Complaints, name: string, bytes: Buffer, what: string): void {
  let line = 1;
  for (const byte of bytes) if (byte === newline) line += 1;
  const last = bytes.subarray(bytes.lastIndexOf(newline) + 1);
  complaints.add(name, line, new TextDecoder().decode(last).length + 1, what);
}

/** All up to the first byte that is not UTF-8: looked for in the one line that holds it. */
function validStart(bytes: Buffer): Buffer {
  let from = 0;
  for (;;) {
    const end = bytes.indexOf(newline, from);
    const line = bytes.subarray(from, end === -1 ? bytes.length : end);
    if (!isUtf8(line)) {
      let length = line.length;
      // A prefix that ends inside a character is not UTF-8 either, so the longest sound one is what counts.
      while (!isUtf8(line.subarray(0, length))) length -= 1;
      return bytes.subarray(0, from + length);
    }
    if (end === -1) return bytes;
    from = end + 1;
  }
}
