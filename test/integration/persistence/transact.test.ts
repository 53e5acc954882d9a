import { afterCommit, openDatabase, sql, sqlUnawaited, transact } from '@lianbao/persistence';
import { OptimisticLockError } from '@mikro-orm/postgresql';
import pg from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { addThing, gate, here, openThings, Thing, thingNames } from './thing.ts';

const codeError = (code: string) => Object.assign(new Error(code), { code });

describe('a transaction that lost a race', () => {
  it.each([
    ['a serialization failure', () => codeError('40001')],
    ['a deadlock', () => codeError('40P01')],
    ['a lost revision', () => new OptimisticLockError('changed')],
  ])('runs again after %s, from the start', async (_, failure) => {
    const { database } = await openThings();
    let attempts = 0;
    const result = await transact(database, here, async (em) => {
      attempts += 1;
      await addThing(em, 'x', attempts);
      if (attempts < 3) throw failure();
      return attempts;
    });
    expect(result).toBe(3);
    expect(await thingNames(database)).toEqual(['x']);
  });

  it('gives up after the third time', async () => {
    const { database } = await openThings();
    let attempts = 0;
    await expect(
      transact(database, here, async () => {
        attempts += 1;
        throw codeError('40001');
      }),
    ).rejects.toThrow('40001');
    expect(attempts).toBe(3);
  });

  it('does not run again after another error', async () => {
    const { database } = await openThings();
    let attempts = 0;
    await expect(
      transact(database, here, async (em) => {
        attempts += 1;
        await sql(em, 'select 1 / 0');
      }),
    ).rejects.toThrow('division by zero');
    expect(attempts).toBe(1);
  });

  it('ends well when two real transactions deadlock', async () => {
    const { database } = await openThings();
    await transact(database, here, async (em) => {
      await addThing(em, 'a');
      await addThing(em, 'b');
    });
    const both = [gate(), gate()] as const;
    let attempts = 0;
    const grow = (order: readonly string[], mine: number) =>
      transact(database, here, async (em) => {
        attempts += 1;
        for (const name of order) {
          await sql(em, 'update thing set size = size + 1 where name = $1', [name]);
          both[mine]?.open();
          await both[1 - mine]?.passed; // Each holds one before it asks for the other's.
        }
      });
    await Promise.all([grow(['a', 'b'], 0), grow(['b', 'a'], 1)]);
    const { rows } = await transact(database, here, (em) => sql(em, 'select size from thing'));
    expect(rows).toEqual([{ size: 3 }, { size: 3 }]);
    expect(attempts).toBe(3);
  });

  it('notices a revision that the ORM lost', async () => {
    const { database } = await openThings();
    await transact(database, here, (em) => addThing(em, 'x'));
    const grow = (meanwhile: () => Promise<void>) =>
      transact(database, here, async (em) => {
        const thing = await em.findOneOrFail(Thing, { name: 'x' });
        await meanwhile();
        thing.size += 1;
      });
    let disturbed = false;
    await grow(async () => {
      if (!disturbed) await grow(async () => {});
      disturbed = true;
    });
    const { rows } = await transact(database, here, (em) =>
      sql(em, 'select size, revision from thing'),
    );
    expect(rows).toEqual([{ size: 3, revision: 3 }]);
  });
});

describe('an error in the middle', () => {
  it('that was swallowed does not end in a silent commit, nor cost a connection', async () => {
    const { database } = await openThings(1);
    for (let round = 0; round < 3; round += 1) {
      await expect(
        transact(database, here, async (em) => {
          await addThing(em, 'x');
          await sql(em, 'select 1 / 0').catch(() => {});
        }),
      ).rejects.toThrow('a statement had failed before');
    }
    expect(await thingNames(database)).toEqual([]);
  });

  it('in a savepoint may be caught, and the rest commits', async () => {
    const { database } = await openThings();
    await transact(database, here, async (em) => {
      await addThing(em, 'kept');
      await em
        .transactional(async (inner) => {
          await addThing(inner, 'gone');
          throw new Error('no');
        })
        .catch(() => {});
    });
    expect(await thingNames(database)).toEqual(['kept']);
  });

  it('of the connection fails the act, not the process, and the pool goes on', async () => {
    const { database, fresh } = await openThings(1);
    const admin = await adminOf(fresh.adminUrl);
    await expect(
      transact(database, here, async (em) => {
        const { rows } = await sql<{ pid: number }>(em, 'select pg_backend_pid() as pid');
        await admin.query('select pg_terminate_backend($1, 5000)', [rows[0]?.pid]);
        await addThing(em, 'x');
      }),
    ).rejects.toThrow();
    expect(await thingNames(database)).toEqual([]);
  });
});

it('goes on after every connection was cut, whatever it was doing', async () => {
  const { database, fresh } = await openThings(2);
  const admin = await adminOf(fresh.adminUrl);
  for (let round = 0; round < 5; round += 1) {
    const cut = admin.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and usename = 'plumbing_app'`,
    );
    const acts = Array.from({ length: 20 }, (_, index) =>
      transact(database, here, (em) => addThing(em, `${round} ${index}`)),
    );
    await Promise.allSettled([cut, ...acts]);
  }
  // A session that was ended while it was idle is noticed a moment later.
  await eventually('a transaction goes through', () =>
    transact(database, here, (em) => addThing(em, 'last')).then(
      () => true,
      () => undefined,
    ),
  );
  expect(await thingNames(database)).toContain('last');
});

async function adminOf(url: string): Promise<pg.Client> {
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  onTestFinished(() => admin.end());
  return admin;
}

describe('what is to happen after the commit', () => {
  it('happens once, after it, in order', async () => {
    const { database } = await openThings();
    const told: string[] = [];
    await transact(database, here, async (em) => {
      afterCommit(em, () => told.push('first'));
      await em.transactional(async (inner) => {
        afterCommit(inner, () => told.push('second'));
      });
      await addThing(em, 'x');
      expect(told).toEqual([]);
    });
    expect(told).toEqual(['first', 'second']);
  });

  it('does not happen when the transaction failed, nor for an attempt that was run again', async () => {
    const { database } = await openThings();
    const told: number[] = [];
    let attempts = 0;
    await transact(database, here, async (em) => {
      attempts += 1;
      const attempt = attempts;
      afterCommit(em, () => told.push(attempt));
      if (attempt === 1) throw codeError('40001');
    });
    await transact(database, here, async (em) => {
      afterCommit(em, () => told.push(99));
      await sql(em, 'select 1 / 0').catch(() => {});
    }).catch(() => {});
    expect(told).toEqual([2]);
  });

  it('is only asked for inside a transaction', async () => {
    const { database } = await openThings();
    expect(() => afterCommit(database.orm.em.fork() as never, () => {})).toThrow('inside transact');
  });
});

it('keeps two databases apart when one transaction begins inside the other', async () => {
  const one = await openThings();
  const two = await openThings();
  await transact(one.database, here, async (em) => {
    await addThing(em, 'one');
    await transact(two.database, here, (inner) => addThing(inner, 'two'));
  });
  expect(await thingNames(one.database)).toEqual(['one']);
  expect(await thingNames(two.database)).toEqual(['two']);
});

it('prepares a statement with values once a connection', async () => {
  const { database } = await openThings(1);
  for (const name of ['a', 'b', 'c']) {
    await transact(database, here, (em) => addThing(em, name));
  }
  const rows = await database.orm.em
    .fork()
    .execute(`select 1 from pg_prepared_statements where statement like 'insert into thing%'`);
  expect(rows).toHaveLength(1);
});

it('refuses to open a database that is not there', async () => {
  const { fresh } = await openThings();
  const url = fresh.appUrl.replace(fresh.name, 'nowhere');
  await expect(openDatabase({ url, entities: [], applicationName: 'test' })).rejects.toThrow(
    'nowhere',
  );
});

describe('a statement nobody waits for', () => {
  const insert = 'insert into thing (name, size) values ($1, 1)';

  it('is there when the transaction has ended, in the order it was sent', async () => {
    const { database } = await openThings();
    await transact(database, here, async (em) => {
      sqlUnawaited(em, insert, ['a']);
      sqlUnawaited(em, 'update thing set name = $1 where name = $2', ['b', 'a']);
    });
    expect(await thingNames(database)).toEqual(['b']);
  });

  it('fails the transaction with its own error, though the work went well', async () => {
    const { database } = await openThings();
    const work = transact(database, here, async (em) => {
      sqlUnawaited(em, insert, ['a']);
      sqlUnawaited(em, 'select 1 / $1::integer', [0]);
      sqlUnawaited(em, insert, ['b']);
    });
    await expect(work).rejects.toThrow('division by zero');
    expect(await thingNames(database)).toEqual([]);
  });

  it('fails it with its own error, not with that of what came after', async () => {
    const { database } = await openThings();
    const work = transact(database, here, async (em) => {
      sqlUnawaited(em, 'select 1 / $1::integer', [0]);
      await sql(em, 'select 1');
    });
    await expect(work).rejects.toThrow('division by zero');
  });

  it('runs again with the rest when it lost a race', async () => {
    const { database } = await openThings();
    let attempts = 0;
    await transact(database, here, async (em) => {
      attempts += 1;
      sqlUnawaited(em, insert, [`x${attempts}`]);
      if (attempts === 1) {
        const text = `do $$ begin raise exception 'lost' using errcode = '40001'; end $$`;
        sqlUnawaited(em, text, []);
      }
    });
    expect(await thingNames(database)).toEqual(['x2']);
  });

  it('is refused once the transaction has ended', async () => {
    const { database } = await openThings();
    const late = await transact(database, here, async (em) => ({ em }));
    expect(() => sqlUnawaited(late.em, insert, ['a'])).toThrow('inside transact only');
  });
});
