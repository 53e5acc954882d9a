/** Approval as a process: `serve`, `migrate`, or `parked` with its words. */
import { kafkaBus } from '@lianbao/events';
import { readPublicKeys, serve, serviceTokens, tokenVerifier } from '@lianbao/grpc';
import { migrate } from '@lianbao/persistence';
import { createMeter, readMigration, runProcess, serveMetrics, serviceLog } from '@lianbao/runtime';
import { approvalMigrations, createApproval, operateParked } from './app.ts';
import { readCommand, readProcess } from './config.ts';

const { env, argv, stdout } = process;
const [command = 'serve', ...words] = argv.slice(2);
const clock = () => new Date();
const meter = createMeter();
const log = serviceLog(env, 'approval');

if (command === 'migrate') {
  await migrate({ ...readMigration(env, 'approval'), sets: approvalMigrations, log });
} else if (command === 'parked') {
  const lines = await operateParked({ config: readCommand(env), clock, log, meter }, words);
  stdout.write(lines.map((line) => `${line}\n`).join(''));
} else {
  const { approval: config, ...own } = readProcess(env);
  await runProcess({
    log,
    start: async () => {
      const bus = kafkaBus({ brokers: own.kafkaBrokers, clientId: 'approval', log, meter });
      const token = serviceTokens(own.serviceKey, 'approval', ['party']);
      const approval = await createApproval({ config, clock, log, meter, bus, token });
      await bus.start();
      await approval.start();
      const verify = tokenVerifier(readPublicKeys(own.tokenKeys), config);
      const server = await serve({ ...approval, ...own.grpc, verify, log, meter });
      const metrics = await serveMetrics(meter, own.metricsPort, approval.serving);
      const parts = [server.drain, approval.stop, bus.stop, metrics.stop];
      return async () => {
        for (const stop of parts) await stop();
      };
    },
  });
}
