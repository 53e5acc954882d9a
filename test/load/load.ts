/** Runs steps one after another, each on drafts prepared before its clock starts. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Population } from './population.ts';
import { type Writes, writesIn, writesPerDecision } from './row-writes.ts';
import { forgetStatements, statementLines } from './statements.ts';
import { runStep, type Step } from './step.ts';
import type { UnderTest } from './under-test.ts';

export interface Load {
  warmUp(): Promise<void>;
  atRate(perSecond: number): Promise<Step>;
  /** Also counts what PostgreSQL wrote, in 22 seconds more; with a folder also profiles both servers. */
  counted(
    perSecond: number,
    profileFolder?: string,
  ): Promise<{ readonly step: Step; readonly writes: Writes }>;
}

const warmUp = { perSecond: 50, count: 300 };
/** Until every session of PostgreSQL has told its counts. */
const countsAfterMs = 11_000;
/** Between preparation and clock: checkpoint over, relays idle. */
const restMs = 1_000;

export function loadOn(
  system: UnderTest,
  population: Population,
  seconds: number,
  say: (line: string) => void,
): Load {
  let seed = 100;
  const prepared = async (perSecond: number, count = perSecond * seconds) => {
    const drafts = await population.drafts(count);
    await pause(restMs);
    seed += 1;
    return () => runStep(system, drafts, { perSecond, seed });
  };
  const told = (step: Step): Step => {
    const { p50Ms, p99Ms } = step.submitToDecided;
    say(`${step.perSecond}/s: ${step.decided} decided, p50 ${p50Ms} ms, p99 ${p99Ms} ms`);
    return step;
  };
  const profiled = async (run: () => Promise<Step>, folder: string): Promise<Step> => {
    mkdirSync(folder, { recursive: true });
    await forgetStatements(system.adminUrl);
    const stopProfile = system.profile();
    const step = await run();
    writeFileSync(join(folder, 'server.cpuprofile'), await stopProfile());
    const lines = await statementLines(system.adminUrl, step.decided);
    writeFileSync(join(folder, 'statements.txt'), `${lines.join('\n')}\n`);
    return step;
  };
  const writesNow = async () => {
    await pause(countsAfterMs);
    return writesIn(adminUrls(system));
  };
  return {
    warmUp: async () => {
      say(`warm-up: ${warmUp.count} applications, not counted`);
      await (await prepared(warmUp.perSecond, warmUp.count))();
    },
    atRate: async (perSecond) => told(await (await prepared(perSecond))()),
    counted: async (perSecond, profileFolder) => {
      const run = await prepared(perSecond);
      const before = await writesNow();
      const step = told(await (profileFolder === undefined ? run() : profiled(run, profileFolder)));
      const after = await writesNow();
      return { step, writes: writesPerDecision(before, after, step.decided) };
    },
  };
}

/** As the superuser, who sees the rows of all tenants. */
export const adminUrls = ({
  adminUrl,
  databaseUrls,
}: UnderTest): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.keys(databaseUrls).map((name) => [name, adminUrl.replace('/postgres?', `/${name}?`)]),
  );
