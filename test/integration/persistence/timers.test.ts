import { type Log, silentLog, steppedClock } from '@lianbao/kernel';
import { clearTimer, setTimer, sql, transact } from '@lianbao/persistence';
import type { EntityManager } from '@mikro-orm/postgresql';
import { describe, expect, it } from 'vitest';
import { addThing, gate, here, openThings, there, thingNames } from './thing.ts';
import { later, set, start, timersOf, workerOn } from './timers.ts';

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
    const ran: string[] = [];
    const worker = workerOn(
      database,
      {
        draft: (em, subject, _, tenant) => {
          ran.push(tenant);
          return addThing(em, subject);
        },
      },
      { tenants: [here, there] },
    );
    expect(await worker.runDue()).toBe(2);
    expect(ran).toEqual([here, there]);
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
      const { rows } = await sql<{ id: string }>(em, 'select pg_current_xact_id()::text as id');
      transaction = rows[0]?.id;
    },
  }).runDue();
  const { rows } = await transact(database, here, (em) =>
    sql<{ xmin: string }>(em, 'select xmin::text from thing'),
  );
  expect(rows[0]?.xmin).toBe(transaction);
  expect(await timersOf(database)).toEqual([]);
});

it.each([
  ['clears', (em: EntityManager) => clearTimer(em, 'k', 'x'), []],
  [
    'moves',
    (em: EntityManager) => setTimer(em, { kind: 'k', subject: 'x', dueAt: later(1) }),
    ['x 0'],
  ],
])(
  'waits for whoever holds the subject and %s the timer, who does not wait for it',
  async (_, change, left) => {
    const { database, another } = await openThings();
    await transact(database, here, (em) => addThing(em, 'x'));
    await set(database, 'k', 'x', later(0));
    const lock = (em: EntityManager) => sql(em, `select from thing where name = 'x' for update`);
    const waits = gate();
    let running: Promise<number> | undefined;
    const worker = workerOn(await another(), {
      k: async (em) => {
        waits.open();
        await lock(em);
      },
    });
    await transact(database, here, async (em) => {
      await sql(em, `set local lock_timeout = '300ms'`);
      await lock(em);
      running ??= worker.runDue();
      await waits.passed;
      await change(em);
    });
    await running;
    expect(await timersOf(database)).toEqual(left);
  },
);

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
