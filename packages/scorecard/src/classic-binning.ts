/**
 * What the field bins with, over the same prebins, for tests: pooled adjacent violators (Ayer and others
 * 1955), ChiMerge (Kerber 1992) and MDLP (Fayyad and Irani 1993). None of them looks for the greatest worth.
 */
import type { BinningLimits, Counts } from './segment.ts';

interface Block {
  readonly start: number;
  readonly goods: number;
  readonly bads: number;
}

const blocksOf = ({ goods, bads }: Counts): Block[] =>
  Array.from(goods, (count, start) => ({ start, goods: count, bads: bads[start] as number }));

const joined = (a: Block, b: Block): Block => ({
  start: a.start,
  goods: a.goods + b.goods,
  bads: a.bads + b.bads,
});

const startsOf = (blocks: readonly Block[]): number[] => blocks.map(({ start }) => start);

const rateOf = ({ goods, bads }: Block): number => bads / (goods + bads);

/** Neighbours out of order are pooled until rates ascend (`sign` 1) or descend (-1). */
export function pooledViolators(counts: Counts, sign: 1 | -1, limits: BinningLimits): number[] {
  const pooled: Block[] = [];
  for (const block of blocksOf(counts)) {
    let last = block;
    for (let before = pooled.at(-1); before !== undefined; before = pooled.at(-1)) {
      if (sign * (rateOf(last) - rateOf(before)) > 0) break;
      pooled.pop();
      last = joined(before, last);
    }
    pooled.push(last);
  }
  return startsOf(merged(pooled, limits));
}

/** The two most alike neighbours are merged until the limits are kept. */
export const chiMerge = (counts: Counts, limits: BinningLimits): number[] =>
  startsOf(merged(blocksOf(counts), limits));

function merged(blocks: readonly Block[], limits: BinningLimits): readonly Block[] {
  const left = [...blocks];
  while (left.length > 1 && (left.length > limits.binsMax || !left.every((b) => fits(b, limits)))) {
    const unfit = left.findIndex((block) => !fits(block, limits));
    const pairs = Array.from({ length: left.length - 1 }, (_, at) => at).filter(
      (at) => left.length > limits.binsMax || at === unfit || at + 1 === unfit,
    );
    const distance = (at: number) => chiSquare(left[at] as Block, left[at + 1] as Block);
    const closest = pairs.reduce((a, b) => (distance(b) < distance(a) ? b : a));
    left.splice(closest, 2, joined(left[closest] as Block, left[closest + 1] as Block));
  }
  return left;
}

const fits = ({ goods, bads }: Block, { rowsMin, goodsMin, badsMin }: BinningLimits): boolean =>
  goods + bads > 0 && goods + bads >= rowsMin && goods >= goodsMin && bads >= badsMin;

function chiSquare(a: Block, b: Block): number {
  const all = joined(a, b);
  const rows = all.goods + all.bads;
  if (all.goods === 0 || all.bads === 0) return 0;
  const difference = a.bads * b.goods - b.bads * a.goods;
  const margins = (a.goods + a.bads) * (b.goods + b.bads) * all.goods * all.bads;
  return margins === 0 ? 0 : (rows * difference * difference) / margins;
}

/** Splits where entropy falls most, as long as the shorter description is worth the split. */
export function describedShortest(counts: Counts, limits: BinningLimits): number[] {
  const split = (blocks: readonly Block[]): number[] => {
    const whole = blocks.reduce(joined);
    const cuts = Array.from({ length: blocks.length - 1 }, (_, at) => at + 1);
    const halves = cuts.map((at): [Block, Block] => [
      blocks.slice(0, at).reduce(joined),
      blocks.slice(at).reduce(joined),
    ]);
    let best = -1;
    let least = Infinity;
    for (const [at, [left, right]] of halves.entries()) {
      const bits = weighted(left) + weighted(right);
      if (!fits(left, limits) || !fits(right, limits) || bits >= least) continue;
      [best, least] = [at, bits];
    }
    if (best < 0) return [];
    const [left, right] = halves[best] as [Block, Block];
    const rows = whole.goods + whole.bads;
    const gain = entropy(whole) - least / rows;
    const classes = (block: Block) => Number(block.goods > 0) + Number(block.bads > 0);
    const change =
      classes(whole) * entropy(whole) -
      classes(left) * entropy(left) -
      classes(right) * entropy(right);
    const price = Math.log2(rows - 1) + Math.log2(3 ** classes(whole) - 2) - change;
    if (gain <= price / rows) return [];
    const at = best + 1;
    return [...split(blocks.slice(0, at)), (blocks[at] as Block).start, ...split(blocks.slice(at))];
  };
  return [0, ...split(blocksOf(counts))];
}

const weighted = (block: Block): number => (block.goods + block.bads) * entropy(block);

function entropy({ goods, bads }: Block): number {
  const part = (count: number) =>
    count === 0 ? 0 : -(count / (goods + bads)) * Math.log2(count / (goods + bads));
  return part(goods) + part(bads);
}
