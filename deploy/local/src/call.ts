/**
 * `pnpm call`: lists the services, says what an rpc takes, or calls it on the running server with a
 * token of the right caller.
 */
import { callRpc } from './call-rpc.ts';
import { readCallerOptions, runCommand, UsageError } from './command-line.ts';
import { describeRpc, listRpcs, rpcNamed } from './rpc-catalogue.ts';

const usage =
  "pnpm call [SERVICE/RPC] ['JSON'] [--as platform|bank|operator] [--partner NAME] [--person NAME] [--level LEVEL] [--home DIR]";

await runCommand(usage, async () => {
  const { caller, homeFolder, words } = readCallerOptions(process.argv.slice(2));
  const [rpc, json, ...rest] = words;
  if (rest.length > 0) throw new UsageError(`more words than expected: ${rest.join(' ')}`);
  const say = (text: string) => console.log(text);
  if (rpc === undefined) [...listRpcs(), '', usage].forEach(say);
  else if (json === undefined) describeRpc(rpcNamed(rpc)).forEach(say);
  else {
    const onRequestId = (id: string) => console.error(`requestId: ${id}`);
    for await (const answer of callRpc(rpcNamed(rpc), json, { caller, homeFolder, onRequestId })) {
      say(answer);
    }
  }
});
