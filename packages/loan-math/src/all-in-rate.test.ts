import { addDays, addMonths, type CalendarDate, fen, percentOfPpm, yuan } from '@lianbao/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allInRate, type Flow, planFlows } from './all-in-rate.ts';
import { type Conventions, defaultConventions } from './conventions.ts';
import { type PlanTerms, plan } from './plan.ts';

const start = '2026-01-15' as CalendarDate;
const end = addMonths(start, 12);
const conventions: Conventions = { ...defaultConventions, dayCount: 'THIRTY_360' };
const monthly = { grid: 'MONTHLY' } as const;
const daily = { grid: 'DAILY' } as const;

const flow = (date: CalendarDate, amountFen: bigint): Flow => ({ date, amountFen });
const after = (months: number, amountFen: bigint) => flow(addMonths(start, months), amountFen);

const terms: PlanTerms = {
  principal: yuan(100_000n),
  ratePpm: 72_000n,
  termMonths: 12,
  method: 'BULLET',
  startDate: start,
  conventions,
};

function flowsOf(given: PlanTerms): Flow[] {
  const made = plan(given);
  if (!made.ok) throw new Error(made.reason);
  return planFlows(given.principal, given.startDate, made.instalments);
}

const loan = flowsOf(terms);
const depositTiedUp = [flow(start, -1_000_000n), flow(end, 1_000_000n)];

describe('golden rates', () => {
  it.each<[string, Flow[], string, string]>([
    ['interest monthly, principal at the end', loan, '7.2000 %', '7.4424 %'],
    ['with a deposit of 10 % until the end', [...loan, ...depositTiedUp], '8.0000 %', '8.3000 %'],
    ['with a fee of 2 % at the start', [...loan, flow(start, -200_000n)], '9.3022 %', '9.7092 %'],
    [
      '12 instalments of 8,661.90 and a fee of 1.5 % at the start',
      [
        flow(start, 10_000_000n - 150_000n),
        ...Array.from({ length: 12 }, (_, k) => after(k + 1, -866_190n)),
      ],
      '10.0477 %',
      '10.5236 %',
    ],
    [
      '12 instalments of a flat 7.2 %',
      [
        flow(start, 10_000_000n),
        ...Array.from({ length: 11 }, (_, k) => after(k + 1, -893_333n)),
        after(12, -893_337n),
      ],
      '13.0342 %',
      '13.8418 %',
    ],
  ])('100,000.00 for 12 months, %s', (_, flows, simplePercent, compoundPercent) => {
    expect(allInRate(flows, monthly)).toMatchObject({ ok: true, simplePercent, compoundPercent });
  });

  it('off the month grid go by days: 100 that become 107.20 after 365 are 7.2 % compound', () => {
    const flows = [flow(start, 10_000n), flow(addDays(start, 365), -10_720n)];
    // (1.072 ^ (1 / 365) - 1) x 365, worked out with 60 digits: 0.069533 ...
    expect(allInRate(flows, daily)).toEqual({
      ok: true,
      simplePpm: 69_533n,
      compoundPpm: 72_000n,
      simplePercent: '6.9533 %',
      compoundPercent: '7.2000 %',
    });
  });
});

describe('rounding', () => {
  it('goes up for caps and half up for people', () => {
    // The compound rate of 0.6 % a month is 7.44241678... %.
    expect(allInRate(loan, monthly)).toMatchObject({
      compoundPpm: 74_425n,
      compoundPercent: '7.4424 %',
    });
  });

  it('does not push a rate that is whole over its own cap', () => {
    expect(allInRate(loan, monthly)).toMatchObject({ simplePpm: 72_000n });
    const atCap = [flow(start, 1_000_000n), after(1, -1_020_000n)]; // 24 % a year
    expect(allInRate(atCap, monthly)).toMatchObject({ simplePpm: 240_000n });
    const aboveCap = [flow(start, 1_000_000_000n), after(1, -1_020_000_001n)];
    expect(allInRate(aboveCap, monthly)).toMatchObject({
      simplePpm: 240_001n,
      simplePercent: '24.0000 %',
    });
  });

  it('takes a half up', () => {
    const half = [flow(start, 24_000_000n), after(1, -24_000_001n)]; // 12 / 24,000,000 = half a ppm
    expect(allInRate(half, monthly)).toMatchObject({ simplePpm: 1n, simplePercent: '0.0001 %' });
  });
});

describe('a rate that is not unique', () => {
  it.each<[string, Flow[], number]>([
    ['no flows', [], 0],
    ['flows that cancel on their day', [flow(start, 5n), flow(start, -5n)], 0],
    ['money that is only received', [flow(start, 5n), after(1, 5n)], 0],
    ['a borrower who pays back less than it got', [flow(start, 100n), after(1, -99n)], 1],
    // Monthly rates of 10 % and of 20 %.
    ['two rates', [flow(start, 10_000n), after(1, -23_000n), after(2, 13_200n)], 2],
    // 10 % twice over: the sum touches zero and does not cross it.
    [
      'one rate that balances twice',
      [flow(start, 10_000n), after(1, -22_000n), after(2, 12_100n)],
      2,
    ],
    // 0 % and 10 %.
    ['zero and another', [flow(start, 10_000n), after(1, -21_000n), after(2, 11_000n)], 2],
    // 10 %, 20 % and 30 %.
    [
      'three rates',
      [flow(start, 100_000n), after(1, -360_000n), after(2, 431_000n), after(3, -171_600n)],
      3,
    ],
    ['several changes and no rate', [flow(start, 100n), after(1, -10n), after(2, 5n)], 2],
  ])('is refused: %s', (_, flows, signChanges) => {
    const refusal = { ok: false, reason: 'RATE_NOT_UNIQUE', signChanges };
    expect(allInRate(flows, monthly)).toEqual(refusal);
  });

  it('is found when the deposit returns after the last instalment and only one rate is not negative', () => {
    const late = [...loan, flow(start, -1_000_000n), after(13, 1_000_000n)];
    // Worked out apart, with 60 digits: 8.07153... and 8.37693... %.
    expect(allInRate(late, monthly)).toEqual({
      ok: true,
      simplePpm: 80_716n,
      compoundPpm: 83_770n,
      simplePercent: '8.0715 %',
      compoundPercent: '8.3769 %',
    });
  });

  it('is found when the others are below zero: 10 % beside -20 %', () => {
    const flows = [flow(start, 10_000n), after(1, -19_000n), after(2, 8_800n)];
    expect(allInRate(flows, monthly)).toMatchObject({ ok: true, simplePpm: 1_200_000n });
  });
});

describe('the grid', () => {
  it('may end on shorter months, counted from the first date', () => {
    const first = '2026-01-31' as CalendarDate;
    const flows = [flow(first, 10_000n), flow('2026-02-28' as CalendarDate, -10_060n)];
    expect(allInRate(flows, monthly)).toMatchObject({ simplePpm: 72_000n });
  });

  it('has no place for another day', () => {
    const date = addDays(addMonths(start, 1), 1);
    const flows = [flow(start, 10_000n), flow(date, -10_060n)];
    expect(allInRate(flows, monthly)).toEqual({ ok: false, reason: 'DATE_OFF_GRID', date });
    expect(allInRate(flows, daily)).toMatchObject({ ok: true });
  });

  it('takes flows in any order and nets those of a day', () => {
    const parts = [flow(start, -300_000n), ...loan.toReversed(), flow(start, 100_000n)];
    expect(allInRate(parts, monthly)).toEqual(
      allInRate([...loan, flow(start, -200_000n)], monthly),
    );
  });
});

describe('any loan', () => {
  const anyTerms = fc.record({
    principal: fc.bigInt(2_000_000n, 500_000_000n).map(fen),
    ratePpm: fc.bigInt(1_000n, 360_000n),
    termMonths: fc.integer({ min: 1, max: 36 }),
    method: fc.constantFrom('EQUAL_INSTALMENT' as const, 'BULLET' as const),
    startDate: fc.integer({ min: 0, max: 3_000 }).map((days) => addDays(start, days)),
    conventions: fc.constantFrom(conventions, defaultConventions),
  });
  const grid = fc.constantFrom(monthly, daily);
  const runs = { seed: 42, numRuns: 200 };

  it('by 30/360 and without fees costs its own rate, but for whole fen', () => {
    fc.assert(
      fc.property(anyTerms, (given) => {
        const rate = allInRate(flowsOf({ ...given, conventions }), monthly);
        if (!rate.ok) throw new Error(rate.reason);
        const off = rate.simplePpm - given.ratePpm;
        expect(off >= -4n && off <= 4n).toBe(true);
        expect(rate.compoundPpm >= rate.simplePpm).toBe(true);
      }),
      runs,
    );
  });

  it('is dearer at a higher rate', () => {
    fc.assert(
      fc.property(anyTerms, grid, fc.bigInt(100n, 50_000n), (given, on, more) => {
        const rate = allInRate(flowsOf(given), on);
        const dearer = allInRate(flowsOf({ ...given, ratePpm: given.ratePpm + more }), on);
        if (!rate.ok || !dearer.ok) throw new Error('no rate');
        expect(dearer.simplePpm > rate.simplePpm).toBe(true);
        expect(dearer.compoundPpm > rate.compoundPpm).toBe(true);
      }),
      runs,
    );
  });

  it('is never cheaper with a fee, whenever it is paid', () => {
    fc.assert(
      fc.property(anyTerms, grid, fc.nat(), fc.bigInt(1n, 100_000n), (given, on, pick, fee) => {
        const flows = flowsOf(given);
        const { date } = flows[pick % flows.length] as Flow;
        const rate = allInRate(flows, on);
        const withFee = allInRate([...flows, flow(date, -fee)], on);
        if (!rate.ok || !withFee.ok) throw new Error('no rate');
        expect(withFee.simplePpm >= rate.simplePpm).toBe(true);
        expect(withFee.compoundPpm >= rate.compoundPpm).toBe(true);
      }),
      runs,
    );
  });

  it('discounts its flows to zero, exactly, between the ppm it names and the one below', () => {
    const perYear = 12_000_000n; // A year of months, in ppm.
    const discounted = (flows: readonly Flow[], simplePpm: bigint) => {
      const last = BigInt(flows.length - 1);
      return flows.reduce((sum, { amountFen }, k) => {
        const months = BigInt(k);
        return sum + amountFen * perYear ** months * (perYear + simplePpm) ** (last - months);
      }, 0n);
    };
    fc.assert(
      fc.property(anyTerms, (given) => {
        const flows = flowsOf(given);
        const rate = allInRate(flows, monthly);
        if (!rate.ok) throw new Error(rate.reason);
        expect(discounted(flows, rate.simplePpm) >= 0n).toBe(true);
        expect(discounted(flows, rate.simplePpm - 1n) < 0n).toBe(true);
      }),
      runs,
    );
  });

  it('shows what it compares, less than one ppm apart', () => {
    fc.assert(
      fc.property(anyTerms, grid, (given, on) => {
        const rate = allInRate(flowsOf(given), on);
        if (!rate.ok) throw new Error(rate.reason);
        const near = [rate.simplePpm, rate.simplePpm - 1n].map(percentOfPpm);
        expect(near).toContain(rate.simplePercent);
      }),
      runs,
    );
  });
});
