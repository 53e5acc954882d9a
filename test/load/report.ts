/** The figures as tables that can be pasted into a README. */
import type { Figures } from './figures.ts';
import type { Latency } from './latency.ts';
import { holds, type Step } from './step.ts';

export function reportOf(figures: Figures): readonly string[] {
  return [
    ...machineLines(figures),
    '',
    ...stepTable(figures),
    '',
    ...stageTable(figures.steps),
    '',
    ...otherTable(figures),
    '',
    ...floorTable(figures),
  ];
}

function machineLines({ machine, bus }: Figures): readonly string[] {
  const { cores, cpu, memoryGib, kernel, node, postgres, settings, commit } = machine;
  const set = Object.entries(settings).map(([name, value]) => `${name} ${value}`);
  return [
    `${cores} cores of ${cpu}, ${memoryGib} GiB, Linux ${kernel}; Node ${node}; commit ${commit}`,
    `PostgreSQL ${postgres} with its defaults: ${set.join(', ')}`,
    `Events over ${bus}. Server, PostgreSQL, load${bus === 'the local bus' ? '' : ' and broker'} share the machine.`,
  ];
}

const numbers = ({ p50Ms, p95Ms, p99Ms, maxMs }: Latency): string =>
  [p50Ms, p95Ms, p99Ms, maxMs].map((ms) => short(ms)).join(' | ');

const short = (value: number): string => (value < 10 ? value.toFixed(1) : value.toFixed(0));

function stepTable({ steps, knee, kafka }: Figures): readonly string[] {
  const line = (step: Step): string => {
    const { perSecond, seconds, decidedPerSecond, errors, waitingAtEnd, submitToDecided } = step;
    const { node, postgres, kafka: broker } = step.cpuMsPerDecision;
    const cpu = [node, postgres, ...(kafka ? [broker] : [])].map(short).join(' + ');
    const mark = holds(step) ? '' : ' (breaks)';
    return `| ${perSecond}/s${mark} | ${seconds.toFixed(0)} | ${decidedPerSecond} | ${numbers(submitToDecided)} | ${errors} | ${waitingAtEnd} | ${cpu} |`;
  };
  const broker = kafka ? ' + Kafka' : '';
  return [
    `| arrivals | seconds | decided/s | p50 ms | p95 ms | p99 ms | max ms | errors | undecided at the end | CPU ms a decision: Node + PostgreSQL${broker} |`,
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    ...[...steps, ...(knee?.steps ?? [])].map(line),
    ...(knee === undefined
      ? []
      : [``, `Knee: ${knee.perSecond ?? 'below the first rate'} a second.`]),
  ];
}

function stageTable(steps: readonly Step[]): readonly string[] {
  const line = ({ perSecond, stages, submitAnswered, submitToDecided }: Step): string => {
    const each = [stages.SUBMITTED, submitAnswered, stages.SCORED, stages.DECIDED, submitToDecided];
    const cells = each.map(({ p50Ms, p99Ms }) => `${short(p50Ms)} / ${short(p99Ms)}`);
    return `| ${perSecond}/s | ${cells.join(' | ')} |`;
  };
  return [
    '| p50 / p99 ms after the planned arrival | submission handled | answered | scored | decision made | decision seen on the bus |',
    '| --- | --- | --- | --- | --- | --- |',
    ...steps.map(line),
  ];
}

function otherTable({ starts, imported, memory }: Figures): readonly string[] {
  const perSecond = Math.round(imported.invoices / imported.seconds);
  return [
    '| figure | value |',
    '| --- | --- |',
    `| start, empty home / existing home | ${starts.emptySeconds} s / ${starts.existingSeconds} s |`,
    `| start, empty home, with set-up and a first decision | ${starts.emptyAndSetUpSeconds} s |`,
    `| invoices imported (${imported.invoices}, ${imported.streamsAtOnce} streams at a time) | ${perSecond}/s |`,
    `| memory of the process at its peak, heap at the end | ${Math.round(memory.rssMaxMb)} MB, ${Math.round(memory.heapMb)} MB |`,
  ];
}

function floorTable({ echo, rows, steps, knee }: Figures): readonly string[] {
  const same = steps.find(({ perSecond }) => perSecond === rows.perSecond);
  const ratio = (a: number | undefined, b: number) =>
    a === undefined || b === 0 ? '' : (a / b).toFixed(1);
  const echoes = echo.atRates.map(({ perSecond, answered }) => {
    const step = steps.find((each) => each.perSecond === perSecond);
    return `| grpc-js echo at ${perSecond}/s, p50 / p99 | ${short(answered.p50Ms)} / ${short(answered.p99Ms)} ms | ${ratio(step?.submitToDecided.p50Ms, answered.p50Ms)} |`;
  });
  return [
    '| floor, in the same run | value | a decision is so many times that |',
    '| --- | --- | --- |',
    ...echoes,
    `| grpc-js echo, ${echo.callsAtOnce} at a time | ${echo.callsPerSecond}/s | ${ratio(echo.callsPerSecond, knee?.perSecond ?? 0)} |`,
    `| the same rows by pg alone at ${rows.perSecond}/s (${rows.rowsPerDecision} rows, ${rows.transactionsPerDecision} transactions), p50 / p99 | ${short(rows.written.p50Ms)} / ${short(rows.written.p99Ms)} ms | ${ratio(same?.submitToDecided.p50Ms, rows.written.p50Ms)} |`,
    `| the same, CPU of PostgreSQL | ${rows.postgresCpuMsPerDecision} ms | ${ratio(same?.cpuMsPerDecision.postgres, rows.postgresCpuMsPerDecision)} |`,
    `| the same, ${rows.decisionsAtOnce} at a time | ${rows.decisionsPerSecondMax}/s | ${ratio(rows.decisionsPerSecondMax, knee?.perSecond ?? 0)} |`,
  ];
}
