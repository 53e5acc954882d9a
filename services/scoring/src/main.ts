/** Scoring as a process: `serve`, `migrate`, or `parked` with its words. */
import { kafkaBus } from '@lianbao/events';
import { readPublicKeys, serve, serviceTokens, tokenVerifier } from '@lianbao/grpc';
import { migrate } from '@lianbao/persistence';
import { createMeter, readMigration, runProcess, serveMetrics, serviceLog } from '@lianbao/runtime';
import { createScoring, operateParked, scoringMigrations } from './app.ts';
import { readCommand, readProcess } from './config.ts';

const { env, argv, stdout } = process;
const [command = 'serve', ...words] = argv.slice(2);
const [clock, meter] = [() => new Date(), createMeter()];
const log = serviceLog(env, 'scoring');
const tokensBy = (key: string) => serviceTokens(key, 'scoring', ['party']);

if (command === 'migrate') {
  await migrate({ ...readMigration(env, 'scoring'), sets: scoringMigrations, log });
} else if (command === 'parked') {
  const { scoring: config, serviceKey } = readCommand(env);
  const surroundings = { config, clock, log, meter, token: tokensBy(serviceKey) };
  const lines = await operateParked(surroundings, words);
  stdout.write(lines.map((line) => `${line}\n`).join(''));
} else {
  const { scoring: config, ...own } = readProcess(env);
  const start = async () => {
    const token = tokensBy(own.serviceKey);
    const bus = kafkaBus({ brokers: own.kafkaBrokers, clientId: 'scoring', log, meter });
    const scoring = await createScoring({ config, clock, log, meter, bus, token });
    await bus.start();
    await scoring.start();
    const verify = tokenVerifier(readPublicKeys(own.tokenKeys), config);
    const server = await serve({ ...scoring, ...own.grpc, verify, log, meter });
    const metrics = await serveMetrics(meter, own.metricsPort, scoring.serving);
    return async () => {
      for (const end of [server.drain, scoring.stop, bus.stop, metrics.stop]) await end();
    };
  };
  await runProcess({ log, start });
}
