/** Party as a process: `serve`, `migrate`, or `parked` with its words. */
import { kafkaBus } from '@lianbao/events';
import { readPublicKeys, serve, tokenVerifier } from '@lianbao/grpc';
import { migrate } from '@lianbao/persistence';
import { createMeter, readMigration, runProcess, serveMetrics, serviceLog } from '@lianbao/runtime';
import { createParty, operateParked, partyMigrations } from './app.ts';
import { readCommand, readProcess } from './config.ts';

const { env, argv, stdout } = process;
const [command = 'serve', ...words] = argv.slice(2);
const clock = () => new Date();
const meter = createMeter();
const log = serviceLog(env, 'party');

if (command === 'migrate') {
  await migrate({ ...readMigration(env, 'party'), sets: partyMigrations, log });
} else if (command === 'parked') {
  const config = readCommand(env);
  const lines = await operateParked({ config, clock, log, meter }, words);
  stdout.write(lines.map((line) => `${line}\n`).join(''));
} else {
  const { party: config, ...own } = readProcess(env);
  await runProcess({
    log,
    start: async () => {
      const bus = kafkaBus({ brokers: own.kafkaBrokers, clientId: 'party', log, meter });
      const party = await createParty({ config, clock, log, meter, bus });
      await bus.start();
      await party.start();
      const verify = tokenVerifier(readPublicKeys(own.tokenKeys), config);
      const server = await serve({ ...party, ...own.grpc, verify, log, meter });
      const metrics = await serveMetrics(meter, own.metricsPort, party.serving);
      const parts = [server.drain, party.stop, bus.stop, metrics.stop];
      return async () => {
        for (const stop of parts) await stop();
      };
    },
  });
}
