import { type CalendarDate, dayIndex } from '@lianbao/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { factsOf, vectorOf } from './feature.ts';
import { takeIn } from './intake.ts';
import { type RollUpChange, rollUp } from './roll-up.ts';
import { summarise, visibleRecords } from './summary.ts';
import type { StoredRecord, TradingRecord } from './trading-record.ts';

const asOf = '2020-02-21' as CalendarDate;
const today = dayIndex(asOf);

const anyRecord: fc.Arbitrary<TradingRecord> = fc.record({
  source: fc.constantFrom('a', 'b'),
  externalId: fc.constantFrom('1', '2', '3', '4', '5', '6'),
  revision: fc.integer({ min: 1, max: 3 }),
  day: fc.integer({ min: today - 800, max: today + 2 }),
  direction: fc.constantFrom('SALE', 'PURCHASE'),
  isVoid: fc.boolean(),
  counterparty: fc.constantFrom('C1', 'C2', 'C3'),
  netFen: fc.bigInt({ min: -100_000_000n, max: 1_000_000_000_000n }),
  taxFen: fc.bigInt({ min: -1_000n, max: 1_000_000n }),
});

/** Calls as they may come: some of their records are taken in, numbered as the service does. */
const anyHistory = fc
  .array(fc.array(anyRecord, { maxLength: 6 }), { maxLength: 6 })
  .map((calls) => {
    const stored: StoredRecord[] = [];
    const changes: RollUpChange[] = [];
    for (const call of calls) {
      const intake = takeIn(call, stored, BigInt(stored.length));
      stored.push(...intake.accepted);
      changes.push(rollUp(intake));
    }
    return { stored, changes };
  });

const bits = (records: Iterable<StoredRecord>, watermark: bigint): readonly bigint[] => [
  ...new BigUint64Array(vectorOf(factsOf(summarise(records, asOf, watermark))).buffer),
];

/** What all changes come to, without what cancels out. */
function summed(changes: readonly RollUpChange[]) {
  const totals = new Map<string, bigint>();
  const add = (key: string, value: number | bigint) => {
    totals.set(key, (totals.get(key) ?? 0n) + BigInt(value));
  };
  for (const { days, counterparties } of changes) {
    for (const { day, sale, purchase } of days) {
      for (const [side, sums] of [
        ['sale', sale],
        ['purchase', purchase],
      ] as const) {
        for (const [name, value] of Object.entries(sums)) add(`${day} ${side} ${name}`, value);
      }
    }
    for (const { direction, counterparty, validCount, positiveFen } of counterparties) {
      add(`${direction} ${counterparty} count`, validCount);
      add(`${direction} ${counterparty} fen`, positiveFen);
    }
  }
  return new Map([...totals].filter(([, total]) => total !== 0n).sort());
}

const properties = { seed: 42, numRuns: 300 };

describe('a summary', () => {
  it('does not depend on the order of records, to the bit', () => {
    fc.assert(
      fc.property(anyHistory, fc.integer(), ({ stored }, turn) => {
        const at = stored.length === 0 ? 0 : Math.abs(turn) % stored.length;
        const turned = [...stored.slice(at), ...stored.slice(0, at)].reverse();
        const watermark = BigInt(stored.length);
        expect(summarise(turned, asOf, watermark)).toEqual(summarise(stored, asOf, watermark));
        expect(bits(turned, watermark)).toEqual(bits(stored, watermark));
      }),
      properties,
    );
  });

  it('is changed by no record after its day or above its watermark', () => {
    fc.assert(
      fc.property(anyHistory, fc.nat(), ({ stored }, cut) => {
        const watermark = BigInt(cut % (stored.length + 1));
        const seen = stored.filter(
          ({ day, ingestSequence }) => day <= today && ingestSequence <= watermark,
        );
        expect(summarise(stored, asOf, watermark)).toEqual(summarise(seen, asOf, watermark));
      }),
      properties,
    );
  });

  it('comes from roll-ups of calls as from the records that count', () => {
    fc.assert(
      fc.property(anyHistory, ({ stored, changes }) => {
        const farOff = '2030-01-01' as CalendarDate;
        const accepted = visibleRecords(stored, farOff, BigInt(stored.length));
        expect(summed(changes)).toEqual(summed([rollUp({ accepted, superseded: [] })]));
      }),
      properties,
    );
  });

  it('is back where it was, to the bit, when a correction is corrected to what stood before', () => {
    fc.assert(
      fc.property(anyHistory, anyRecord, ({ stored }, change) => {
        const [first] = stored;
        fc.pre(stored.every(({ revision, day }) => revision === 1 && day <= today));
        if (first === undefined) return;
        const watermark = BigInt(stored.length);
        const { source, externalId } = first;
        const corrections = [
          { ...change, source, externalId, revision: 2, day: Math.min(change.day, today) },
          { ...first, revision: 3 },
        ];
        const { accepted } = takeIn(corrections, stored, watermark);
        expect(accepted).toHaveLength(2);
        expect(bits([...stored, ...accepted], watermark + 2n)).toEqual(bits(stored, watermark));
      }),
      properties,
    );
  });
});
