/** Runs buf on the contract, with the programs that this package brings. */
import { spawnSync } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';

const packageFolder = join(import.meta.dirname, '..');
const root = join(packageFolder, '../..');
export const protoFolder = join(root, 'proto');
/** Generated code, by its path from the root and in full. */
export const codePath = 'packages/api/src';
export const codeFolder = join(root, codePath);

export interface Outcome {
  readonly passed: boolean;
  readonly output: string;
}

export function buf(...args: readonly string[]): Outcome {
  const programs = [join(packageFolder, 'node_modules/.bin'), dirname(process.execPath)];
  const { status, stdout, stderr, error } = spawnSync('buf', args, {
    cwd: protoFolder,
    encoding: 'utf8',
    env: { ...process.env, PATH: [...programs, process.env.PATH ?? ''].join(delimiter) },
  });
  if (error !== undefined) throw error;
  return { passed: status === 0, output: `${stdout}${stderr}`.trim() };
}
