/** `pnpm reset`: removes the local database and keys, after asking. */
import { existsSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { runCommand } from './command-line.ts';
import { defaultHomeFolder, runningServer } from './home.ts';

await runCommand('pnpm reset', async () => {
  if (!existsSync(defaultHomeFolder)) {
    console.log('There is nothing to remove.');
    return;
  }
  const server = runningServer(defaultHomeFolder);
  if (server !== undefined) {
    throw new Error(`A server runs on ${server.address} (process ${server.pid}); stop it first.`);
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(
    `Remove ${defaultHomeFolder} with its database and keys for good? Type yes: `,
  );
  terminal.close();
  if (answer.trim().toLowerCase() !== 'yes') {
    console.log('Nothing was removed.');
    return;
  }
  rmSync(defaultHomeFolder, { recursive: true });
  console.log('Removed.');
});
