import type { Tenant, Uid } from '@lianbao/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Delivery, deliveryOf } from './delivery.ts';
import { type Position, planOf } from './plan.ts';

const topic = 'lianbao.thing.v1';

const event = (key: string, sequence: bigint, epoch = 0n): Delivery =>
  deliveryOf({
    tenant: 'local' as Tenant,
    topic,
    key: key as Uid,
    epoch,
    sequence,
    type: 'lianbao.test.v1.Said',
    subject: `things/${key}`,
    time: new Date(0),
    correlationId: '',
    causationId: '',
    audience: [],
    traceparent: undefined,
    payload: new Uint8Array(),
  });

const at = (key: string, sequence: bigint, waiting?: Position['waiting']): Position => ({
  topic,
  key,
  epoch: 0n,
  sequence,
  waiting,
});

const sequences = (deliveries: readonly Delivery[]) => deliveries.map(({ sequence }) => sequence);

describe('planOf', () => {
  it('takes what is next, one after another, and moves each key once', () => {
    const plan = planOf([at('a', 3n)], [event('a', 4n), event('b', 1n), event('a', 5n)]);
    expect(plan.take.map(({ key, sequence }) => `${key}${sequence}`)).toEqual(['a4', 'b1', 'a5']);
    expect(plan.moves).toEqual([
      { position: at('a', 5n), isNew: false },
      { position: at('b', 1n), isNew: true },
    ]);
  });

  it('counts duplicates and moves nothing for them', () => {
    expect(planOf([at('a', 3n)], [event('a', 3n), event('a', 1n)])).toEqual({
      take: [],
      keep: [],
      duplicates: 2,
      moves: [],
    });
  });

  it('keeps what comes behind a gap, also when the gap is filled later in the batch', () => {
    const plan = planOf([], [event('a', 1n), event('a', 3n), event('a', 2n), event('a', 4n)]);
    expect(sequences(plan.take)).toEqual([1n, 2n]);
    expect(sequences(plan.keep)).toEqual([3n, 4n]);
    expect(plan.moves).toEqual([{ position: at('a', 2n, 'GAP'), isNew: true }]);
  });

  it('takes nothing of a key that is parked, the event of a new epoch included', () => {
    const plan = planOf([at('a', 3n, 'PARKED')], [event('a', 4n), event('a', 1n, 1n)]);
    expect(plan.take).toEqual([]);
    expect(plan.keep).toHaveLength(2);
    expect(plan.moves).toEqual([{ position: at('a', 3n, 'PARKED'), isNew: false }]);
  });

  it('tries again what could not be handled yet, and leaves the kept rest to follow', () => {
    const plan = planOf([at('a', 3n, 'NOT_YET')], [event('a', 4n)]);
    expect(sequences(plan.take)).toEqual([4n]);
    expect(plan.moves).toEqual([{ position: at('a', 4n, 'GAP'), isNew: false }]);
  });

  it('loses no event and takes each key in sequence, in whatever order and however often they come', () => {
    const coming = fc.array(fc.tuple(fc.constantFrom('a', 'b'), fc.bigInt(1n, 8n)), {
      maxLength: 50,
    });
    fc.assert(
      fc.property(coming, (events) => {
        const { take, keep, duplicates } = planOf(
          [],
          events.map(([key, sequence]) => event(key, sequence)),
        );
        expect(take.length + keep.length + duplicates).toBe(events.length);
        for (const key of ['a', 'b']) {
          const taken = sequences(take.filter((delivery) => delivery.key === key));
          expect(taken).toEqual(taken.map((_, index) => BigInt(index) + 1n));
        }
      }),
      { seed: 42 },
    );
  });
});
