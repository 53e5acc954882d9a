/** One rate for some seconds: applications submitted at planned moments, each followed to its decision. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Application } from '@lianbao/api/lianbao/approval/v1/approval_service_pb';
import { platformName } from '../../deploy/local/src/set-up.ts';
import { nowMs } from './clock.ts';
import { type Latency, latencyOf, rounded } from './latency.ts';
import { openLoop, plannedArrivals } from './open-loop.ts';
import type { SeenEvent, Stage } from './seen-event.ts';
import type { UnderTest } from './under-test.ts';
import { type CpuMs, cpuDifference } from './under-test.ts';

export interface Step {
  readonly perSecond: number;
  readonly seconds: number;
  readonly submitted: number;
  readonly errors: number;
  readonly decided: number;
  /** From the first planned arrival to the last decision. */
  readonly decidedPerSecond: number;
  /** When the last had arrived: submitted and not yet decided. */
  readonly waitingAtEnd: number;
  /** From the planned arrival to ApplicationDecided on the bus. */
  readonly submitToDecided: Latency;
  /** Parts of that way, each from the planned arrival. */
  readonly submitAnswered: Latency;
  readonly stages: Readonly<Record<Stage, Latency>>;
  /** Milliseconds a decision; `load` is this process, which calls and listens. */
  readonly cpuMsPerDecision: CpuMs;
}

const patienceMs = 30_000;
const lookEveryMs = 10;

interface Followed {
  readonly plannedMs: number;
  readonly answeredMs: number | undefined;
  readonly events: Map<Stage, SeenEvent>;
}

export async function runStep(
  system: UnderTest,
  drafts: readonly Application[],
  { perSecond, seed }: { readonly perSecond: number; readonly seed: number },
): Promise<Step> {
  const { applications } = system.market.platform(platformName);
  const arrivals = plannedArrivals(seed, perSecond, drafts.length);
  const followed = new Map<string, Followed>();
  let errors = 0;
  let decided = 0;
  const listen = () => {
    for (const event of system.takeEvents()) {
      const of = followed.get(event.application);
      if (of === undefined || of.events.has(event.stage)) continue;
      of.events.set(event.stage, event);
      if (event.stage === 'DECIDED') decided += 1;
    }
  };
  const wallMs = Date.now() - nowMs(); // What events say, on the monotonic clock.
  const before = await system.cpuMs();
  const { startMs, endMs, settled } = await openLoop(arrivals, async (index, plannedMs) => {
    const { name, etag } = drafts[index] as Application;
    const events = new Map<Stage, SeenEvent>();
    followed.set(name, { plannedMs, answeredMs: undefined, events });
    try {
      await applications.submitApplication({ name, etag, requestId: randomUUID() });
      followed.set(name, { plannedMs, answeredMs: nowMs(), events });
    } catch {
      errors += 1;
    }
  });
  await pause(Math.max(0, endMs - nowMs()));
  listen();
  const waitingAtEnd = drafts.length - errors - decided;
  await settled;
  for (const untilMs = nowMs() + patienceMs; nowMs() < untilMs; await pause(lookEveryMs)) {
    listen();
    if (decided >= drafts.length - errors) break;
  }
  const cpu = cpuDifference(before, await system.cpuMs());
  const each = [...followed.values()];
  const seen = each.flatMap(({ plannedMs, events }) => {
    const event = events.get('DECIDED');
    return event === undefined ? [] : [{ seenMs: event.seenMs, waitMs: event.seenMs - plannedMs }];
  });
  const saidAfter = (stage: Stage): Latency =>
    latencyOf(
      each.flatMap(({ plannedMs, events }) => {
        const event = events.get(stage);
        return event === undefined ? [] : [event.saidMs - wallMs - plannedMs];
      }),
    );
  const lastMs = seen.reduce((last, { seenMs }) => Math.max(last, seenMs), startMs);
  const perDecision = (ms: number) => rounded(ms / Math.max(1, decided));
  return {
    perSecond,
    seconds: rounded((endMs - startMs) / 1_000),
    submitted: drafts.length,
    errors,
    decided,
    decidedPerSecond: rounded(decided / ((lastMs - startMs) / 1_000)),
    waitingAtEnd,
    submitToDecided: latencyOf(seen.map(({ waitMs }) => waitMs)),
    submitAnswered: latencyOf(
      each.flatMap(({ plannedMs, answeredMs }) =>
        answeredMs === undefined ? [] : [answeredMs - plannedMs],
      ),
    ),
    stages: {
      SUBMITTED: saidAfter('SUBMITTED'),
      SCORED: saidAfter('SCORED'),
      DECIDED: saidAfter('DECIDED'),
    },
    cpuMsPerDecision: {
      node: perDecision(cpu.node),
      postgres: perDecision(cpu.postgres),
      kafka: perDecision(cpu.kafka),
      load: perDecision(cpu.load),
    },
  };
}

/** Nobody waits long, nobody is turned away, and what arrives is decided as fast as it comes. */
export const holds = (step: Step): boolean =>
  step.errors === 0 &&
  step.decided === step.submitted &&
  step.submitToDecided.p99Ms < 1_000 &&
  step.waitingAtEnd < step.perSecond;
