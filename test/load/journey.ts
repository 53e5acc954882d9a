/**
 * `pnpm bench:journey`: what a decision costs. The server runs in a process of its own on PostgreSQL
 * with durable defaults, the load in this one. Decided is what the bus says: ApplicationDecided, heard
 * in the server's process on the local bus, and by a consumer in this one on Kafka.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../../deploy/local/src/command-line.ts';
import { temporaryFolder } from '../../deploy/local/src/database-folder.ts';
import { cpuMsBelow } from './cpu.ts';
import { measureEcho } from './echo-floor.ts';
import type { Figures } from './figures.ts';
import { findKnee } from './knee.ts';
import { adminUrls, loadOn } from './load.ts';
import { machineOf } from './machine.ts';
import { type BenchOptions, readOptions, usage } from './options.ts';
import { populate } from './population.ts';
import { reportOf } from './report.ts';
import { measureRows } from './row-floor.ts';
import { writesIn } from './row-writes.ts';
import { measureStarts } from './start-time.ts';
import { statementSettings } from './statements.ts';
import type { Step } from './step.ts';
import { startUnderTest } from './under-test.ts';

const realisticCount = 250;
const realisticEvery = 4;
const echoSecondsMax = 10;

const say = (line: string) => console.error(line);

await runCommand(usage, async () => {
  const options = readOptions(process.argv.slice(2));
  const folder = temporaryFolder();
  try {
    const figures = await measure(options, folder);
    for (const line of reportOf(figures)) console.log(line);
    if (options.json !== undefined) {
      writeFileSync(options.json, `${JSON.stringify(figures, undefined, 2)}\n`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

async function measure(options: BenchOptions, folder: string): Promise<Figures> {
  const { kafka, profile } = options;
  say('start times');
  const starts = await measureStarts();
  const homeFolder = join(folder, 'home');
  const settings = profile === undefined ? {} : statementSettings;
  const system = await startUnderTest({ homeFolder, kafka, settings });
  try {
    const machine = await machineOf(system.adminUrl);
    say('a market, its model and invoices');
    const population = await populate({
      market: system.market,
      invoicesPerFirm: options.invoicesPerFirm,
      ...{ realisticCount, realisticEvery },
    });
    const load = loadOn(system, population, options.seconds, say);
    await load.warmUp();
    const [lastRate = 0, ...lower] = options.rates.toReversed();
    const steps: Step[] = [];
    for (const perSecond of lower.toReversed()) steps.push(await load.atRate(perSecond));
    const { step: last, writes } = await load.counted(lastRate, profile);
    steps.push(last);
    const knee = options.knee ? await findKnee(last, load.atRate) : undefined;
    const { rssMaxMb, heapMb } = await system.usage();
    say('the floor: an echo, and the rows alone');
    const seconds = Math.min(options.seconds, echoSecondsMax);
    const echo = await measureEcho(options.rates, seconds);
    const rows = await measureRows({
      databases: adminUrls(system),
      ...{ writes, perSecond: last.perSecond, seconds },
      postgresCpuMs: () => cpuMsBelow(system.pid, 'postgres'),
      walBytes: async () => (await writesIn(adminUrls(system))).walBytes,
    });
    const bus = kafka ? 'Kafka (one broker)' : 'the local bus';
    const { imported } = population;
    return {
      ...{ machine, kafka, bus, starts, imported, steps, knee, writesPerDecision: writes },
      ...{ memory: { rssMaxMb, heapMb }, echo, rows },
    };
  } finally {
    await system.stop();
  }
}
