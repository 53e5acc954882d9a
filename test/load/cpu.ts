/** CPU time of processes, read from /proc; Linux only. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

interface ProcessTimes {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
  readonly ownTicks: number;
  /** Of children that have ended and were waited for. */
  readonly endedTicks: number;
}

const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

function timesOf(pid: string): ProcessTimes | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const open = text.indexOf('(');
    const close = text.lastIndexOf(')');
    const fields = text.slice(close + 2).split(' ');
    const field = (number: number) => Number(fields[number - 3]); // As numbered in proc(5).
    return {
      pid: Number(pid),
      parent: field(4),
      command: text.slice(open + 1, close),
      ownTicks: field(14) + field(15),
      endedTicks: field(16) + field(17),
    };
  } catch {
    return undefined; // It has ended meanwhile.
  }
}

/** CPU milliseconds of all processes of this name below an ancestor, ended children included. */
export function cpuMsBelow(ancestor: number, command: string): number {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => timesOf(pid) ?? []);
  const byParent = Map.groupBy(all, ({ parent }) => parent);
  const below = (pid: number): readonly ProcessTimes[] =>
    (byParent.get(pid) ?? []).flatMap((child) => [child, ...below(child.pid)]);
  const named = below(ancestor).filter((each) => each.command === command);
  const ticks = named.reduce((sum, { ownTicks, endedTicks }) => sum + ownTicks + endedTicks, 0);
  return (ticks * 1_000) / ticksPerSecond;
}
