/** `pnpm reset`: removes the local database and keys, after asking. */
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { homeFolderOf, runCommand } from './command-line.ts';
import { removeHome, runningServer } from './home.ts';

await runCommand('pnpm reset [--home DIR]', async () => {
  const { values } = parseArgs({ options: { home: { type: 'string' } } });
  const folder = homeFolderOf(values.home);
  if (!existsSync(folder)) {
    console.log('There is nothing to remove.');
    return;
  }
  const server = await runningServer(folder);
  if (server !== undefined) {
    throw new Error(`A server runs on ${server.address} (process ${server.pid}); stop it first.`);
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(
    `Remove ${folder} with its database and keys for good? Type yes: `,
  );
  terminal.close();
  if (answer.trim().toLowerCase() !== 'yes') {
    console.log('Nothing was removed.');
    return;
  }
  removeHome(folder);
  console.log('Removed.');
});
