import { steppedClock } from '@lianbao/kernel';
import { sql, transact } from '@lianbao/persistence';
import { describe, expect, it } from 'vitest';
import { gate, here, openThings } from './thing.ts';
import { later, set, start, timersOf, workerOn } from './timers.ts';

describe('an act outside a transaction', () => {
  it('runs under a lease that other workers respect, and its row goes afterwards', async () => {
    const { database, another } = await openThings();
    await set(database, 'train', 'm', later(0));
    const [begun, finish] = [gate(), gate()];
    const first = workerOn(database, {
      train: {
        outside: async () => {
          begun.open();
          await finish.passed;
        },
      },
    }).runDue();
    await begun.passed;
    const other = workerOn(await another(), { train: { outside: async () => {} } });
    expect(await other.runDue()).toBe(0);
    finish.open();
    expect(await first).toBe(1);
    expect(await timersOf(database)).toEqual([]);
  });

  it('is run again after a crash, once its lease has run out', async () => {
    const { database, another } = await openThings();
    await set(database, 'train', 'm', later(0));
    const begun = gate();
    // A worker that never comes back, as after kill -9.
    void workerOn(database, {
      train: {
        outside: async () => {
          begun.open();
          await new Promise<never>(() => {});
        },
      },
    }).runDue();
    await begun.passed;
    const ran: string[] = [];
    const clock = steppedClock(start);
    const other = workerOn(
      await another(),
      { train: { outside: async (tenant, subject) => void ran.push(`${tenant} ${subject}`) } },
      { clock: clock.now },
    );
    clock.advance(59_999);
    expect(await other.runDue()).toBe(0);
    clock.advance(1);
    expect(await other.runDue()).toBe(1);
    expect(ran).toEqual(['here m']);
  });

  it('that fails is tried again later', async () => {
    const { database } = await openThings();
    const clock = steppedClock(start);
    await set(database, 'train', 'm', later(0));
    let failures = 1;
    const worker = workerOn(
      database,
      {
        train: {
          outside: async () => {
            if (failures-- > 0) throw new Error('no');
          },
        },
      },
      { clock: clock.now },
    );
    expect(await worker.runDue()).toBe(0);
    expect(await timersOf(database)).toEqual(['m 1']);
    clock.advance(1_000);
    expect(await worker.runDue()).toBe(1);
  });

  it('that was set anew meanwhile stays set', async () => {
    const { database } = await openThings();
    await set(database, 'train', 'm', later(0));
    const worker = workerOn(database, {
      train: { outside: () => set(database, 'train', 'm', later(5_000)) },
    });
    await worker.runDue();
    expect(await timersOf(database)).toEqual(['m 0']);
  });

  it('keeps its lease while it runs, however long', async () => {
    const { database, another } = await openThings();
    const clock = steppedClock(start);
    await set(database, 'train', 'm', later(0));
    const [begun, finish] = [gate(), gate()];
    const first = workerOn(
      database,
      {
        train: {
          outside: async () => {
            begun.open();
            await finish.passed;
          },
        },
      },
      { clock: clock.now, leaseMs: 400 },
    ).runDue();
    await begun.passed;
    const leasedUntil = async () => {
      const { rows } = await transact(database, here, (em) =>
        sql<{ due_at: string }>(em, 'select due_at from timer'),
      );
      return new Date(rows[0]?.due_at ?? 0);
    };
    clock.advance(399);
    await expect.poll(leasedUntil).toEqual(later(799));
    clock.advance(399);
    const other = workerOn(
      await another(),
      { train: { outside: async () => {} } },
      { clock: clock.now },
    );
    expect(await other.runDue()).toBe(0);
    finish.open();
    expect(await first).toBe(1);
  });

  it('hears that its lease is lost', async () => {
    const { database } = await openThings();
    await set(database, 'train', 'm', later(0));
    const worker = workerOn(
      database,
      {
        train: {
          outside: async (_tenant, _subject, _now, signal) => {
            await set(database, 'train', 'm', later(5_000)); // Nobody's lease any more.
            const { promise, resolve } = Promise.withResolvers<void>();
            signal.addEventListener('abort', () => resolve());
            await promise;
            signal.throwIfAborted();
          },
        },
      },
      { leaseMs: 40 },
    );
    expect(await worker.runDue()).toBe(0);
    expect(await timersOf(database)).toEqual(['m 0']);
  });

  it('does not hold up the other timers of a started worker, and hears that it is to stop', async () => {
    const { database } = await openThings();
    await set(database, 'train', 'm', later(0));
    await set(database, 'k', 'x', later(0));
    const both = [gate(), gate()];
    const worker = workerOn(database, {
      train: {
        outside: async (_tenant, _subject, _now, signal) => {
          both[0]?.open();
          const { promise, resolve } = Promise.withResolvers<void>();
          signal.addEventListener('abort', () => resolve());
          await promise;
          signal.throwIfAborted();
        },
      },
      k: async () => both[1]?.open(),
    });
    worker.start();
    await Promise.all(both.map(({ passed }) => passed));
    await worker.stop();
    expect(await timersOf(database)).toEqual(['m 0']); // Given back, and no attempt counted.
  });
});
