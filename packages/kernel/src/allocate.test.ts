import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocate } from './allocate.ts';

/** The rule as it is written: every fen of every seat with its key, sorted, the first `amount` taken. */
function byKeys(
  amount: bigint,
  weights: readonly bigint[],
  caps?: readonly (bigint | undefined)[],
): bigint[] {
  const keys = weights.flatMap((weight, seat) => {
    const cap = caps?.[seat] ?? amount;
    const count = Number(cap < amount ? cap : amount);
    return Array.from({ length: count }, (_, k) => ({ seat, odd: BigInt(2 * k + 1), weight }));
  });
  keys.sort((a, b) => {
    const difference = a.odd * b.weight - b.odd * a.weight;
    return difference === 0n ? a.seat - b.seat : difference < 0n ? -1 : 1;
  });
  const pay = weights.map(() => 0n);
  for (const { seat } of keys.slice(0, Number(amount))) pay[seat] = (pay[seat] as bigint) + 1n;
  return pay;
}

const total = (amounts: readonly bigint[]) => amounts.reduce((sum, each) => sum + each, 0n);
const lesser = (a: bigint, b: bigint) => (a < b ? a : b);

const weight = fc.oneof(fc.bigInt(1n, 12n), fc.bigInt(1n, 1_000_000n));
const seats = fc.array(fc.record({ weight, cap: fc.bigInt(0n, 60n) }), {
  minLength: 1,
  maxLength: 8,
});
const split = (members: readonly { weight: bigint; cap: bigint }[]) => ({
  weights: members.map((each) => each.weight),
  caps: members.map((each) => each.cap),
});
const runs = { seed: 42, numRuns: 300 };

describe('golden divisions', () => {
  it.each([
    ['100.00 by three equal shares', 10_000n, [1n, 1n, 1n], [3_334n, 3_333n, 3_333n]],
    [
      '100.00 over seven',
      10_000n,
      [1n, 1n, 1n, 1n, 1n, 1n, 1n],
      [1_429n, 1_429n, 1_429n, 1_429n, 1_428n, 1_428n, 1_428n],
    ],
    ['10,000.01 by 70:30, the lead first', 1_000_001n, [70n, 30n], [700_001n, 300_000n]],
    [
      '3 fen over 6:6:2, where largest remainder gives 1, 1, 1 and takes one back',
      3n,
      [6n, 6n, 2n],
      [2n, 1n, 0n],
    ],
    ['4 fen over 6:6:2', 4n, [6n, 6n, 2n], [2n, 2n, 0n]],
  ])('%s', (_, amount, weights, pay) => {
    expect(allocate(amount, weights)).toEqual(pay);
  });

  it('40,000 equal up to caps of 10,000, 20,000 and 40,000', () => {
    const caps = [1_000_000n, 2_000_000n, 4_000_000n];
    expect(allocate(4_000_000n, [1n, 1n, 1n], caps)).toEqual([1_000_000n, 1_500_000n, 1_500_000n]);
  });

  it('40,000 in proportion to the same caps', () => {
    const caps = [1_000_000n, 2_000_000n, 4_000_000n];
    expect(allocate(4_000_000n, caps, caps)).toEqual([571_429n, 1_142_857n, 2_285_714n]);
  });

  it('1,000.00 by 1:2:2 when the second can pay 300.00', () => {
    const caps = [100_000n, 30_000n, 100_000n];
    expect(allocate(100_000n, [1n, 2n, 2n], caps)).toEqual([23_333n, 30_000n, 46_667n]);
  });
});

describe('any division', () => {
  it('is the first fen by key, as the rule is written', () => {
    fc.assert(
      fc.property(seats, fc.bigInt(0n, 200n), (members, amount) => {
        const { weights, caps } = split(members);
        expect(allocate(amount, weights, caps)).toEqual(byKeys(amount, weights, caps));
        expect(allocate(amount, weights)).toEqual(byKeys(amount, weights));
      }),
      runs,
    );
  });

  it('sums to the amount, or to the caps when they are less, and exceeds no cap', () => {
    fc.assert(
      fc.property(seats, fc.bigInt(0n, 600n), (members, amount) => {
        const { weights, caps } = split(members);
        const pay = allocate(amount, weights, caps);
        expect(total(pay)).toBe(lesser(amount, total(caps)));
        pay.forEach((each, seat) => {
          expect(each >= 0n && each <= (caps[seat] as bigint)).toBe(true);
        });
      }),
      runs,
    );
  });

  it('lowers nobody when the amount grows', () => {
    fc.assert(
      fc.property(seats, fc.bigInt(0n, 300n), fc.bigInt(0n, 100n), (members, amount, more) => {
        const { weights, caps } = split(members);
        const before = allocate(amount, weights, caps);
        const after = allocate(amount + more, weights, caps);
        after.forEach((each, seat) => {
          expect(each >= (before[seat] as bigint)).toBe(true);
        });
      }),
      runs,
    );
  });

  it('raises nobody else when one cap is raised', () => {
    fc.assert(
      fc.property(
        seats,
        fc.bigInt(0n, 300n),
        fc.nat(),
        fc.bigInt(1n, 60n),
        (members, amount, pick, more) => {
          const { weights, caps } = split(members);
          const raised = pick % caps.length;
          const before = allocate(amount, weights, caps);
          const after = allocate(
            amount,
            weights,
            caps.map((cap, seat) => (seat === raised ? cap + more : cap)),
          );
          after.forEach((each, seat) => {
            if (seat !== raised) expect(each <= (before[seat] as bigint)).toBe(true);
          });
        },
      ),
      runs,
    );
  });

  it('asked for 40 and then for 60 more ends like 100 at once', () => {
    fc.assert(
      fc.property(seats, fc.bigInt(0n, 200n), fc.bigInt(0n, 200n), (members, first, second) => {
        const { weights, caps } = split(members);
        const paid = allocate(first, weights, caps);
        const whole = allocate(first + second, weights, caps);
        const later = whole.map((each, seat) => each - (paid[seat] as bigint));
        expect(later.every((each) => each >= 0n)).toBe(true);
        expect(total(paid) + total(later)).toBe(lesser(first + second, total(caps)));
      }),
      runs,
    );
  });

  it('gives equal members parts that differ by one fen at most, the lower seat first', () => {
    fc.assert(
      fc.property(
        weight,
        fc.integer({ min: 1, max: 10 }),
        fc.bigInt(0n, 10n ** 15n),
        (w, n, amount) => {
          const pay = allocate(
            amount,
            Array.from({ length: n }, () => w),
          );
          const last = pay.at(-1) as bigint;
          expect(pay.every((each) => each === last || each === last + 1n)).toBe(true);
          expect(pay).toEqual(pay.toSorted((a, b) => Number(b - a)));
        },
      ),
      runs,
    );
  });

  it('without caps is at most (n + 1) / 2 fen off the real share, at any size', () => {
    fc.assert(
      fc.property(
        fc.array(weight, { minLength: 1, maxLength: 10 }),
        fc.bigInt(0n, 10n ** 17n),
        (weights, amount) => {
          const sum = total(weights);
          allocate(amount, weights).forEach((each, seat) => {
            const off = each * sum - amount * (weights[seat] as bigint);
            const limit = BigInt(weights.length + 1) * sum;
            expect((off < 0n ? -off : off) * 2n <= limit).toBe(true);
          });
        },
      ),
      runs,
    );
  });
});

describe('edges', () => {
  it('divides nothing, and among nobody', () => {
    expect(allocate(0n, [1n, 2n])).toEqual([0n, 0n]);
    expect(allocate(0n, [])).toEqual([]);
  });

  it('fills every cap when the amount is just enough, and leaves the rest when it is one fen more', () => {
    expect(allocate(7n, [1n, 5n], [3n, 4n])).toEqual([3n, 4n]);
    expect(allocate(8n, [1n, 5n], [3n, 4n])).toEqual([3n, 4n]);
  });

  it.each([
    ['amount', -1n, [1n], undefined],
    ['weights', 1n, [1n, 0n], undefined],
    ['caps', 1n, [1n], [-1n]],
    ['caps', 1n, [1n, 1n], [1n]],
  ])('refuses a bad %s', (field, amount, weights, caps) => {
    expect(() => allocate(amount, weights, caps)).toThrow(
      expect.objectContaining({
        reason: 'FIELD_INVALID',
        facts: expect.objectContaining({ field }),
      }),
    );
  });
});
