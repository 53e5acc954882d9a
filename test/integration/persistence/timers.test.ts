import { type Log, silentLog, silentMeter, steppedClock } from '@lianbao/kernel';
import {
  clearTimer,
  type Database,
  setTimer,
  sql,
  type TimerWorker,
  type TimerWorkerOptions,
  timerWorker,
  transact,
} from '@lianbao/persistence';
import { describe, expect, it } from 'vitest';
import { addThing, gate, here, openThings, there, thingNames } from './thing.ts';

const start = new Date('2020-02-21T01:00:00Z');
const later = (milliseconds: number): Date => new Date(start.getTime() + milliseconds);

const set = (database: Database, kind: string, subject: string, dueAt: Date, tenant = here) =>
  transact(database, tenant, (em) => setTimer(em, { kind, subject, dueAt }));

const timersOf = async (database: Database) => {
  const { rows } = await transact(database, here, (em) =>
    sql<{ subject: string; attempts: number }>(
      em,
      'select subject, attempts from timer order by 1',
    ),
  );
  return rows.map(({ subject, attempts }) => `${subject} ${attempts}`);
};

function workerOn(
  database: Database,
  handlers: TimerWorkerOptions['handlers'],
  rest: Partial<TimerWorkerOptions> = {},
): TimerWorker {
  return timerWorker({
    database,
    tenants: [here],
    clock: () => start,
    log: silentLog,
    meter: silentMeter,
    ...rest,
    handlers,
  });
}

describe('a timer', () => {
  it('is due at its time and not a millisecond before', async () => {
    const { database } = await openThings();
    await set(database, 'draft', 'early', later(0));
    await set(database, 'draft', 'late', later(1));
    const worker = workerOn(database, { draft: (em, subject) => addThing(em, subject) });
    expect(await worker.runDue()).toBe(1);
    expect(await thingNames(database)).toEqual(['early']);
    expect(await timersOf(database)).toEqual(['late 0']);
  });

  it('set again moves, and cleared never runs', async () => {
    const { database } = await openThings();
    await set(database, 'draft', 'moved', later(0));
    await set(database, 'draft', 'moved', later(1));
    await set(database, 'draft', 'cleared', later(0));
    await transact(database, here, (em) => clearTimer(em, 'draft', 'cleared'));
    const worker = workerOn(database, { draft: (em, subject) => addThing(em, subject) });
    expect(await worker.runDue()).toBe(0);
    expect(await timersOf(database)).toEqual(['moved 0']);
  });

  it('of a kind without a handler waits for a release that has one', async () => {
    const { database } = await openThings();
    await set(database, 'other', 'x', later(0));
    expect(await workerOn(database, { draft: async () => {} }).runDue()).toBe(0);
    expect(await timersOf(database)).toEqual(['x 0']);
  });

  it('of a tenant is run for that tenant', async () => {
    const { database } = await openThings();
    await set(database, 'draft', 'ours', later(0), here);
    await set(database, 'draft', 'theirs', later(0), there);
    const worker = workerOn(
      database,
      { draft: (em, subject) => addThing(em, subject) },
      { tenants: [here, there] },
    );
    expect(await worker.runDue()).toBe(2);
    expect(await thingNames(database, here)).toEqual(['ours']);
    expect(await thingNames(database, there)).toEqual(['theirs']);
  });

  it('may be set anew by its own handler', async () => {
    const { database } = await openThings();
    const clock = steppedClock(start);
    await set(database, 'day', 'x', later(0));
    const ran: Date[] = [];
    const worker = workerOn(
      database,
      {
        day: async (em, subject, now) => {
          ran.push(now);
          await setTimer(em, { kind: 'day', subject, dueAt: new Date(now.getTime() + 1_000) });
        },
      },
      { clock: clock.now },
    );
    expect(await worker.runDue()).toBe(1);
    clock.advance(1_000);
    expect(await worker.runDue()).toBe(1);
    expect(ran).toEqual([later(0), later(1_000)]);
  });
});

describe('two workers', () => {
  it('run each due timer once', async () => {
    const { database, another } = await openThings();
    const subjects = Array.from({ length: 40 }, (_, index) => `t${index + 10}`);
    await transact(database, here, async (em) => {
      for (const subject of subjects) await setTimer(em, { kind: 'k', subject, dueAt: start });
    });
    // A second run of one would break the key of the thing, and would be counted as a failure.
    const handlers = { k: addThing };
    const workers = [database, await another(), await another()].map((each) =>
      workerOn(each, { k: (em, subject) => handlers.k(em, subject) }),
    );
    const counts = await Promise.all(workers.map((worker) => worker.runDue()));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(40);
    expect(await thingNames(database)).toEqual(subjects);
    expect(await timersOf(database)).toEqual([]);
  });
});

describe('a handler that fails', () => {
  it('is tried again after 1, 2, 4 seconds; others go on; the effect of a failure is gone', async () => {
    const { database } = await openThings();
    const clock = steppedClock(start);
    await set(database, 'k', 'bad', later(-1));
    await set(database, 'k', 'good', later(0));
    let failures = 3;
    const said: string[] = [];
    const log: Log = {
      ...silentLog,
      error: (fields, message) => said.push(`${message} ${fields.subject}`),
    };
    const worker = workerOn(
      database,
      {
        k: async (em, subject) => {
          await addThing(em, subject);
          if (subject === 'bad' && failures-- > 0) throw new Error('no');
        },
      },
      { clock: clock.now, log },
    );
    expect(await worker.runDue()).toBe(1);
    expect(await thingNames(database)).toEqual(['good']);
    for (const wait of [1_000, 2_000, 4_000]) {
      clock.advance(wait - 1);
      expect(await worker.runDue()).toBe(0);
      clock.advance(1);
      await worker.runDue();
    }
    expect(await thingNames(database)).toEqual(['bad', 'good']);
    expect(said).toEqual(Array(3).fill('a timer failed and will be tried again bad'));
  });
});

it('ends a timer and its effect in one transaction', async () => {
  const { database } = await openThings();
  await set(database, 'k', 'x', later(0));
  let transaction: string | undefined;
  await workerOn(database, {
    k: async (em, subject) => {
      await addThing(em, subject);
      const { rows } = await sql<{ id: string; gone: boolean }>(
        em,
        'select pg_current_xact_id()::text as id, not exists (select from timer) as gone',
      );
      expect(rows[0]?.gone).toBe(true);
      transaction = rows[0]?.id;
    },
  }).runDue();
  const { rows } = await transact(database, here, (em) =>
    sql<{ xmin: string }>(em, 'select xmin::text from thing'),
  );
  expect(rows[0]?.xmin).toBe(transaction);
});

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

it('polls until it is stopped, also after a poll that failed', async () => {
  const { database } = await openThings();
  const clock = steppedClock(start);
  const ran = gate();
  let polls = 0;
  const worker = workerOn(
    database,
    { k: async () => ran.open() },
    {
      intervalMs: 1,
      clock: () => {
        polls += 1;
        if (polls === 1) throw new Error('no time');
        return clock.now();
      },
    },
  );
  worker.start();
  await set(database, 'k', 'x', later(0));
  await ran.passed;
  await worker.stop();
  expect(await timersOf(database)).toEqual([]);
});
