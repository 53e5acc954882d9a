import { describe, expect, it } from 'vitest';
import { prebinCuts } from './prebin.ts';
import { seededRandom } from './random.ts';

const sorted = (values: readonly number[]) => Float64Array.from(values).sort();

describe('prebins', () => {
  it('splits a column that is zero for 70 % of the rows', () => {
    const values = Array.from({ length: 1_000 }, (_, row) => (row < 700 ? 0 : row));
    const cuts = prebinCuts(sorted(values), 50);
    expect(cuts[0]).toBe(350);
    expect(cuts.length).toBeGreaterThan(40);
  });

  it('gives a value with a fiftieth of the rows a prebin of its own, one row less does not', () => {
    const column = (spike: number) => {
      const others = Array.from({ length: 100 - spike }, (_, at) => at + 10.5);
      return prebinCuts(sorted([...others, ...Array(spike).fill(50)]), 50);
    };
    expect([...column(2)].filter((cut) => cut > 49 && cut < 51)).toEqual([49.75, 50.25]);
    expect([...column(1)].filter((cut) => cut > 49 && cut < 51).length).toBeLessThan(2);
  });

  it('has no cut in a column of one value, or of none', () => {
    expect(prebinCuts(sorted([3, 3, 3]), 50)).toEqual(new Float64Array(0));
    expect(prebinCuts(sorted([]), 50)).toEqual(new Float64Array(0));
  });

  it('keeps to the most allowed, and cuts ascend, on seeded columns with spikes', () => {
    const random = seededRandom(42);
    for (let turn = 0; turn < 100; turn += 1) {
      const spread = 1 + random.below(200);
      const values = Array.from({ length: 1 + random.below(600) }, () =>
        random.below(3) === 0 ? random.below(spread) : random.unit() * spread,
      );
      const cuts = prebinCuts(sorted(values), 50);
      expect(cuts.length).toBeLessThan(50);
      for (let at = 1; at < cuts.length; at += 1) {
        expect(cuts[at]).toBeGreaterThan(cuts[at - 1] as number);
      }
    }
  });

  it('does not part what is the same to twelve digits', () => {
    expect(prebinCuts(Float64Array.of(1, 1 + 2 ** -52), 50)).toEqual(new Float64Array(0));
  });
});
