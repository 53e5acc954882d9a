import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orderOf } from './order.ts';

const at = { epoch: 2n, sequence: 7n };

describe('orderOf', () => {
  it.each([
    ['the next sequence', 2n, 8n, 'NEXT'],
    ['the last sequence again', 2n, 7n, 'DUPLICATE'],
    ['one sequence too many', 2n, 9n, 'GAP'],
    ['the next sequence of a lower epoch', 1n, 8n, 'DUPLICATE'],
    ['the first sequence of a new epoch', 3n, 1n, 'NEXT'],
    ['the next sequence in a new epoch', 3n, 8n, 'NEXT'],
    ['a sequence beyond the next in a new epoch', 3n, 9n, 'GAP'],
  ] as const)('finds %s', (_, epoch, sequence, order) => {
    expect(orderOf(at, { epoch, sequence })).toBe(order);
  });

  it('never takes the same place twice, whatever comes in whatever order', () => {
    const place = fc.record({ epoch: fc.bigInt(0n, 3n), sequence: fc.bigInt(1n, 6n) });
    fc.assert(
      fc.property(fc.array(place, { maxLength: 60 }), (places) => {
        let now = { epoch: 0n, sequence: 0n };
        const taken: string[] = [];
        for (const next of places) {
          if (orderOf(now, next) !== 'NEXT') continue;
          now = next;
          taken.push(`${next.epoch} ${next.sequence}`);
        }
        expect(new Set(taken).size).toBe(taken.length);
      }),
      { seed: 42 },
    );
  });
});
