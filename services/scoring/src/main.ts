/** Scoring as a process: `serve`, `migrate`, or `parked` with its words. */
import { kafkaBus } from '@lianbao/events';
import { readPublicKeys, serve, serviceTokens, tokenVerifier } from '@lianbao/grpc';
import { migrate } from '@lianbao/persistence';
import { createLog, createMeter, runProcess, serveMetrics } from '@lianbao/runtime';
import { createScoring, operateParked, scoringMigrations } from './app.ts';
import { readCommandConfig, readMigrationConfig, readProcessConfig } from './config.ts';

const [command = 'serve', ...words] = process.argv.slice(2);
const [clock, meter] = [() => new Date(), createMeter()];
const logOf = (level: 'debug' | 'info' | 'warn' | 'error' | 'silent') =>
  createLog({ service: 'scoring', level });

if (command === 'migrate') {
  const { logLevel, ...target } = readMigrationConfig(process.env);
  await migrate({ ...target, sets: scoringMigrations, log: logOf(logLevel) });
} else if (command === 'parked') {
  const { scoring: config, serviceKey, logLevel } = readCommandConfig(process.env);
  const token = serviceTokens(serviceKey, 'scoring', ['party']);
  const surroundings = { config, clock, log: logOf(logLevel), meter, token };
  for (const line of await operateParked(surroundings, words)) process.stdout.write(`${line}\n`);
} else {
  const { scoring: config, serviceKey, logLevel, ...own } = readProcessConfig(process.env);
  const log = logOf(logLevel);
  const start = async () => {
    const token = serviceTokens(serviceKey, 'scoring', ['party']);
    const bus = kafkaBus({ brokers: own.kafkaBrokers, clientId: 'scoring', log, meter });
    const scoring = await createScoring({ config, clock, log, meter, bus, token });
    await bus.start();
    await scoring.start();
    const verify = tokenVerifier(readPublicKeys(own.tokenKeys), config);
    const server = await serve({ ...scoring, address: own.grpcAddress, verify, log, meter });
    const metrics = await serveMetrics(meter, own.metricsPort, scoring.serving);
    return async () => {
      for (const end of [server.drain, scoring.stop, bus.stop, metrics.stop]) await end();
    };
  };
  await runProcess({ log, start });
}
