/** `pnpm start`: serves until Ctrl-C or SIGTERM. What people read goes to standard output, the log to a file. */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createLog, runProcess } from '@lianbao/runtime';
import { homeFolderOf, runCommand } from './command-line.ts';
import { openHome, runningServer } from './home.ts';
import { logFile } from './start/log-file.ts';
import { serveLocal } from './start/serve-local.ts';

const port = 7443;

await runCommand('pnpm start [--home DIR]', async () => {
  const { values } = parseArgs({ options: { home: { type: 'string' } } });
  const home = await openHome(homeFolderOf(values.home));
  const other = await runningServer(home.folder);
  if (other !== undefined) {
    throw new Error(`A server runs already on ${other.address} (process ${other.pid}).`);
  }
  const logPath = join(home.folder, 'server.log');
  const log = createLog({ service: 'local', destination: logFile(logPath) });
  const say = (line: string) => console.log(line);
  if (!home.databaseFolder.startsWith(home.folder)) {
    say(`The database stands in ${home.databaseFolder}: its user may not get into ${home.folder}.`);
  }
  await runProcess({
    log,
    start: async () => {
      try {
        return await serveLocal({ home, clock: () => new Date(), log, port, say });
      } catch (error) {
        console.error(`The start failed: ${(error as Error).message}\nMore in ${logPath}`);
        throw error;
      }
    },
  });
});
