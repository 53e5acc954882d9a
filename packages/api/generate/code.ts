/** Makes the code of this package in a folder of its own, and compares it with what is committed. */
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buf, codeFolder, codePath, protoFolder } from './buf.ts';
import { policyModule } from './policy.ts';

/** Text by path below packages/api/src. */
export type Code = ReadonlyMap<string, string>;

/** Runs buf generate, and throws with its output when it fails. */
export function makeCode(): Code {
  const folder = mkdtempSync(join(tmpdir(), 'lianbao-api-'));
  try {
    const { passed, output } = buf('generate', '--output', join(folder, 'proto'));
    if (!passed) throw new Error(output);
    const code = new Map(readCode(join(folder, codePath)));
    const policy = join(protoFolder, 'lianbao/approval/v1/policy-0.json');
    if (existsSync(policy)) code.set('policy-0.ts', policyModule(readFileSync(policy, 'utf8')));
    return code;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export const readCode = (folder: string): Code =>
  new Map(
    globSync('**/*.ts', { cwd: folder }).map((path) => [
      path,
      readFileSync(join(folder, path), 'utf8'),
    ]),
  );

/** Paths that are missing, stale or left over, each once and sorted. */
export const differences = (fresh: Code, committed: Code): readonly string[] =>
  [...new Set([...fresh.keys(), ...committed.keys()])]
    .filter((path) => fresh.get(path) !== committed.get(path))
    .sort();

/** Writes only what differs, so that whoever imports the rest at this moment is not disturbed. */
export function writeCode(fresh: Code): readonly string[] {
  const changed = differences(fresh, readCode(codeFolder));
  for (const path of changed) {
    const target = join(codeFolder, path);
    const text = fresh.get(path);
    if (text === undefined) rmSync(target);
    else {
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, text);
    }
  }
  return changed;
}
