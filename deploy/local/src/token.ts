/** `pnpm run token`: prints a token of ten minutes for clients that are not ours. */
import { callerToken } from './caller-token.ts';
import { readCallerOptions, runCommand, UsageError } from './command-line.ts';
import { openHome } from './home.ts';

const usage =
  'pnpm run token --as platform|bank|operator [--partner NAME] [--person NAME] [--level OFFICER|HEAD|COMMITTEE] [--home DIR]';

await runCommand(usage, async () => {
  const { caller, homeFolder } = readCallerOptions(process.argv.slice(2));
  if (caller.kind === undefined) throw new UsageError('--as is missing');
  console.log(await callerToken(await openHome(homeFolder), caller.kind, caller));
});
