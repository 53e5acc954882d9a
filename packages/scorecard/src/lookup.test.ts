import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type BinLookup, binOf, fillBins } from './lookup.ts';

const value = fc.oneof(
  fc.integer({ min: -12, max: 12 }),
  fc.double({ min: -12, max: 12, noNaN: true }),
  fc.constantFrom(-0, Number.NaN, Infinity, -Infinity, 1e300, Number.MIN_VALUE),
);

const lookup: fc.Arbitrary<BinLookup> = fc
  .record({
    cuts: fc.uniqueArray(fc.integer({ min: -10, max: 10 }), { maxLength: 20 }),
    specials: fc.array(fc.constantFrom(-1, 0, 3, 99, Number.NaN), { maxLength: 3 }),
    levels: fc.option(fc.array(fc.tuple(fc.integer({ min: -5, max: 5 }), fc.nat(4)))),
    otherBin: fc.nat(4),
  })
  .map(({ cuts, specials, levels, otherBin }) => {
    const specialBin = 30;
    return {
      specials,
      specialBin,
      missingBin: specialBin + specials.length,
      cuts: Float64Array.from(cuts).sort(),
      levels: levels === null ? undefined : new Map(levels),
      otherBin,
    };
  });

it('finds for many values at once the bin that each has alone', () => {
  fc.assert(
    fc.property(lookup, fc.array(value, { maxLength: 40 }), (one, values) => {
      const bins = new Int32Array(values.length + 1).fill(-7);
      fillBins(one, Float64Array.from(values), bins);
      expect([...bins.subarray(0, values.length)]).toEqual(values.map((x) => binOf(one, x)));
    }),
    { seed: 42, numRuns: 1_000 },
  );
});
