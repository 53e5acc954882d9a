/** `pnpm demo`: real or synthetic invoices in, decisions out, on a database that is thrown away. */
import { accessSync, constants } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type CalendarDate, startOfBusinessDay } from '@lianbao/kernel';
import { runCommand, standingIn, UsageError } from './command-line.ts';
import { readFolder } from './data/folder.ts';
import { writeDecisions } from './demo/decisions-file.ts';
import { gradeCounts, waiting } from './demo/figures.ts';
import { progress, whole } from './demo/progress.ts';
import { reportData } from './demo/report-data.ts';
import { reportDecisions } from './demo/report-decisions.ts';
import { reportExplanation } from './demo/report-explanation.ts';
import { reportModel } from './demo/report-model.ts';
import { explainOne, runDemo } from './demo/run-demo.ts';
import { DemoSession } from './demo/session.ts';
import { syntheticMarket } from './market/synthetic-market.ts';

const usage = 'pnpm demo [--data DIR] [--kafka] [--json FILE]';
/** The last day of the data that the demo is made for. */
const asOf = '2020-02-21' as CalendarDate;
const openingMs = 9 * 3_600_000;
const seed = 2020;

await runCommand(usage, async () => {
  const startMs = performance.now();
  const { values } = parseArgs({
    options: { data: { type: 'string' }, kafka: { type: 'boolean' }, json: { type: 'string' } },
  });
  for (const option of ['data', 'json'] as const) {
    if (values[option] === '') throw new UsageError(`--${option} names nothing`);
  }
  const from = standingIn();
  const jsonPath = values.json === undefined ? undefined : resolve(from, values.json);
  if (jsonPath !== undefined) requireWritable(jsonPath);
  const folder = values.data;
  const data =
    folder === undefined
      ? syntheticMarket({
          seed,
          asOf,
          labelledCount: 120,
          applicantCount: 80,
          invoicesPerFirm: 200,
        })
      : await readFolder({ given: folder, from }, asOf);

  const demo = new DemoSession();
  const interrupted = endOnSignal(() => demo.stop());
  try {
    const session = await demo.open({
      startAt: new Date(startOfBusinessDay(asOf).getTime() + openingMs),
      kafka: values.kafka === true ? { brokers: process.env.KAFKA_BROKERS } : undefined,
    });
    print('Data', reportData(data, { folder, bus: session.bus, seed }));
    const run = await runDemo(session, data, progress);
    const decided = run.decided.result;
    print('Score model', reportModel(run.model.result, gradeCounts(decided)));
    print('Decisions', reportDecisions(decided));
    const explained = await explainOne(session.market, decided);
    if (explained !== undefined) print('One decision in full', reportExplanation(explained));

    const machine = {
      seconds: (performance.now() - startMs) / 1000,
      memoryPeakBytes: process.resourceUsage().maxRSS * 1024,
    };
    const { p50Ms, p95Ms, p99Ms } = waiting(decided);
    const { accepted, duplicate } = run.imported.result;
    print('Measured', [
      `submit to decided   p50 ${p50Ms} ms, p95 ${p95Ms} ms, p99 ${p99Ms} ms`,
      `invoices            ${whole(accepted + duplicate)} in ${run.imported.seconds.toFixed(1)} s, ${whole(Math.round((accepted + duplicate) / run.imported.seconds))}/s`,
      `training            ${run.model.seconds.toFixed(1)} s, cross-validation included`,
      `all                 ${machine.seconds.toFixed(1)} s; memory of this process at its peak ${whole(Math.round(machine.memoryPeakBytes / 1_000_000))} MB`,
    ]);
    if (jsonPath !== undefined) {
      writeDecisions(jsonPath, run, machine);
      console.log(`\n${decided.length} decisions written to ${jsonPath}`);
    }
  } catch (error) {
    if (interrupted.yes) return await interrupted.end;
    for (const line of demo.warnings) console.error(line);
    throw error;
  } finally {
    await demo.stop();
  }
});

/** Said at once, not after all the work. */
function requireWritable(path: string): void {
  try {
    accessSync(dirname(path), constants.W_OK);
  } catch (error) {
    throw new UsageError(`--json: ${(error as Error).message}`);
  }
}

function print(title: string, lines: readonly string[]): void {
  console.log(`\n${title}\n${lines.map((line) => `  ${line}`).join('\n')}`);
}

/** On the first signal cleans up and ends; what fails meanwhile is not told. */
function endOnSignal(cleanUp: () => Promise<void>): { yes: boolean; end: Promise<never> } {
  const ending = Promise.withResolvers<never>();
  const interrupted = { yes: false, end: ending.promise };
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    process.once(signal, () => {
      interrupted.yes = true;
      void cleanUp().finally(() => process.exit(code));
    });
  }
  return interrupted;
}
