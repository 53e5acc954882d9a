/** Options of the local commands; what is not understood is said in one line, with the usage. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { AuthorityLevel, CallerKind } from '@lianbao/kernel';
import { defaultHomeFolder } from './home.ts';

export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Runs a command; a usage error ends with 2, any other with 1, each as one plain line. */
export async function runCommand(usage: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const wrongUse = error instanceof UsageError || isParseError(error);
    console.error(error instanceof Error ? error.message : String(error));
    if (wrongUse) console.error(usage);
    process.exitCode = wrongUse ? 2 : 1;
  }
}

const isParseError = (error: unknown): boolean =>
  error instanceof TypeError && String((error as { code?: unknown }).code).startsWith('ERR_PARSE');

const kinds = { platform: 'PLATFORM', bank: 'BANK', operator: 'OPERATOR' } as const;
const levels = ['OFFICER', 'HEAD', 'COMMITTEE'] as const;

/** The folder that `--home` names, seen from where the user stands: pnpm runs scripts at the top. */
export const homeFolderOf = (named: string | undefined): string =>
  named === undefined ? defaultHomeFolder : resolve(standingIn(), named);

export const standingIn = (): string => process.env.INIT_CWD ?? process.cwd();

export interface CallerOptions {
  readonly kind: CallerKind | undefined;
  readonly partner: string | undefined;
  readonly person: string;
  readonly level: AuthorityLevel;
}

/** `--as`, `--partner`, `--person`, `--level` and `--home`, and the words beside them. */
export function readCallerOptions(args: readonly string[]): {
  caller: CallerOptions;
  homeFolder: string;
  words: readonly string[];
} {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      home: { type: 'string' },
      as: { type: 'string' },
      partner: { type: 'string' },
      person: { type: 'string', default: 'me' },
      level: { type: 'string', default: 'OFFICER' },
    },
  });
  if (values.as !== undefined && !Object.hasOwn(kinds, values.as)) {
    throw new UsageError('--as is platform, bank or operator');
  }
  const level = levels.find((each) => each === values.level);
  if (level === undefined) throw new UsageError(`--level is ${levels.join(', ')}`);
  return {
    caller: {
      kind: values.as === undefined ? undefined : kinds[values.as as keyof typeof kinds],
      partner: values.partner,
      person: values.person,
      level,
    },
    homeFolder: homeFolderOf(values.home),
    words: positionals,
  };
}
