/**
 * Prebins: the finest cuts that binning may choose from. A value that holds a fiftieth of the rows is a
 * prebin of its own and quantiles split the rest, since plain quantiles collapse on spikes such as zero.
 */
import { twelveDigits } from './digits.ts';

interface Group {
  readonly first: number;
  readonly last: number;
  readonly rows: number;
}

/** Ascending cuts between prebins, at most `countMax - 1`. Bins are (a, b]. `sorted` is ascending and finite. */
export function prebinCuts(sorted: Float64Array, countMax: number): Float64Array {
  const groups = limited(grouped(sorted, countMax), countMax);
  const cuts: number[] = [];
  for (let at = 1; at < groups.length; at += 1) {
    const { last } = groups[at - 1] as Group;
    const { first } = groups[at] as Group;
    const cut = cutBetween(last, first);
    if (cut !== undefined) cuts.push(cut);
  }
  return Float64Array.from(cuts);
}

function grouped(sorted: Float64Array, countMax: number): Group[] {
  const values: Group[] = [];
  for (let from = 0; from < sorted.length; ) {
    const value = sorted[from] as number;
    let to = from;
    while (to < sorted.length && sorted[to] === value) to += 1;
    values.push({ first: value, last: value, rows: to - from });
    from = to;
  }
  const heavy = values.filter(({ rows }) => rows * countMax >= sorted.length);
  const heavyRows = heavy.reduce((sum, { rows }) => sum + rows, 0);
  const target = (sorted.length - heavyRows) / Math.max(1, countMax - heavy.length);
  const groups: Group[] = [];
  let open: Group | undefined;
  const close = (): void => {
    if (open !== undefined) groups.push(open);
    open = undefined;
  };
  for (const value of values) {
    if (value.rows * countMax >= sorted.length) {
      close();
      groups.push(value);
      continue;
    }
    open = open === undefined ? value : joined(open, value);
    if (open.rows >= target) close();
  }
  close();
  return groups;
}

/** Joins the smallest group to its smaller neighbour until no more than `countMax` are left. */
function limited(groups: Group[], countMax: number): Group[] {
  while (groups.length > countMax) {
    let smallest = 0;
    for (let at = 1; at < groups.length; at += 1) {
      if ((groups[at] as Group).rows < (groups[smallest] as Group).rows) smallest = at;
    }
    const left = groups[smallest - 1]?.rows ?? Infinity;
    const right = groups[smallest + 1]?.rows ?? Infinity;
    const at = left <= right ? smallest - 1 : smallest;
    groups.splice(at, 2, joined(groups[at] as Group, groups[at + 1] as Group));
  }
  return groups;
}

const joined = (a: Group, b: Group): Group => ({
  first: a.first,
  last: b.last,
  rows: a.rows + b.rows,
});

/** The middle, to twelve digits; undefined where the two are the same to twelve digits. */
function cutBetween(left: number, right: number): number | undefined {
  if (twelveDigits(left) === twelveDigits(right)) return undefined;
  for (const cut of [twelveDigits(left / 2 + right / 2), twelveDigits(left), twelveDigits(right)]) {
    if (left <= cut && cut < right) return cut;
  }
  return undefined;
}
