import { describe, expect, it } from 'vitest';
import { takeIn } from './intake.ts';
import type { TradingRecord } from './trading-record.ts';

const record = (change: Partial<TradingRecord> = {}): TradingRecord => ({
  source: 's',
  externalId: '1',
  revision: 1,
  day: 18_000,
  direction: 'SALE',
  isVoid: false,
  counterparty: 'C1',
  netFen: 100n,
  taxFen: 13n,
  ...change,
});

describe('takeIn', () => {
  it('numbers what it accepts from the watermark on', () => {
    const { accepted, watermark } = takeIn([record(), record({ externalId: '2' })], [], 7n);
    expect(accepted.map(({ ingestSequence }) => ingestSequence)).toEqual([8n, 9n]);
    expect(watermark).toBe(9n);
  });

  it('sees a record again as a duplicate, within a call too', () => {
    const { outcomes, watermark } = takeIn([record(), record()], [record()], 1n);
    expect(outcomes).toEqual(['DUPLICATE', 'DUPLICATE']);
    expect(watermark).toBe(1n);
    expect(takeIn([record(), record()], [], 0n).outcomes).toEqual(['ACCEPTED', 'DUPLICATE']);
  });

  it.each<[string, Partial<TradingRecord>]>([
    ['day', { day: 18_001 }],
    ['direction', { direction: 'PURCHASE' }],
    ['status', { isVoid: true }],
    ['counterparty', { counterparty: 'C2' }],
    ['amount', { netFen: 101n }],
    ['tax', { taxFen: 12n }],
  ])('sees another %s under the same revision as a conflict', (_, change) => {
    expect(takeIn([record(change)], [record()], 1n).outcomes).toEqual(['CONFLICT']);
  });

  it('takes revision n + 1 only on revision n', () => {
    expect(takeIn([record({ revision: 2 })], [], 0n).outcomes).toEqual(['CONFLICT']);
    expect(takeIn([record({ revision: 3 })], [record()], 1n).outcomes).toEqual(['CONFLICT']);
    const second = takeIn([record({ revision: 2, netFen: 1n })], [record()], 1n);
    expect(second.outcomes).toEqual(['ACCEPTED']);
    expect(second.superseded).toEqual([record()]);
  });

  it('keeps apart what two sources call by the same id', () => {
    expect(takeIn([record({ source: 't', netFen: 1n })], [record()], 1n).outcomes).toEqual([
      'ACCEPTED',
    ]);
  });
});
