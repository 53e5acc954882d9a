import { openSync, renameSync, statSync, writeSync } from 'node:fs';

const bytesMax = 20_000_000;

/** Appends lines; a file that has grown large is kept aside once, as `.1`. */
export function logFile(path: string): { write(line: string): void } {
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > bytesMax)
    renameSync(path, `${path}.1`);
  const file = openSync(path, 'a', 0o600);
  return { write: (line) => void writeSync(file, line) };
}
