import { randomUUID } from 'node:crypto';
import { type Answer, commonRefusals } from '@lianbao/kernel';
import { forgetOldAnswers, once, sql, transact } from '@lianbao/persistence';
import { describe, expect, it } from 'vitest';
import { actOf, addThing, gate, here, openThings, type Things, thingNames } from './thing.ts';

const now = new Date('2020-02-21T01:00:00Z');
const textOf = ({ bytes }: Answer): string => new TextDecoder().decode(bytes);

const create =
  (name: string) =>
  async (em: Parameters<typeof addThing>[0]): Promise<{ text: string }> => {
    await addThing(em, name);
    return { text: `made ${name}` };
  };

const kept = async ({ database }: Things): Promise<number> => {
  const { rows } = await transact(database, here, (em) => sql(em, 'select 1 from idempotency'));
  return rows.length;
};

describe('the same act again', () => {
  it('gets the same bytes and has no second effect, even when the thing has changed since', async () => {
    const things = await openThings();
    const act = actOf();
    const first = await once(things.database, act, now, create('x'));
    await transact(things.database, here, (em) => sql(em, 'delete from thing'));
    const second = await once(things.database, act, now, create('x'));
    expect(textOf(first)).toBe('made x');
    expect(first.replayed).toBe(false);
    expect(Buffer.from(second.bytes)).toEqual(Buffer.from(first.bytes));
    expect(second.replayed).toBe(true);
    expect(await thingNames(things.database)).toEqual([]);
  });

  it('may have an empty answer', async () => {
    const { database } = await openThings();
    const act = actOf({ encode: () => new Uint8Array() });
    await once(database, act, now, create('x'));
    expect(await once(database, act, now, create('x'))).toMatchObject({ replayed: true });
  });

  it('is refused when its content is another', async () => {
    const { database } = await openThings();
    const act = actOf();
    await once(database, act, now, create('x'));
    await expect(
      once(database, { ...act, fingerprint: 'b'.repeat(64) }, now, create('y')),
    ).rejects.toMatchObject({ reason: 'REQUEST_ID_REUSED' });
    expect(await thingNames(database)).toEqual(['x']);
  });

  it('is told to wait while the first runs, and gets its answer then', async () => {
    const { database, another } = await openThings();
    const act = actOf();
    const [begun, finish] = [gate(), gate()];
    const first = once(database, act, now, async (em) => {
      const result = await create('x')(em);
      begun.open();
      await finish.passed;
      return result;
    });
    await begun.passed;
    const elsewhere = await another();
    await expect(once(elsewhere, act, now, create('x'))).rejects.toMatchObject({
      reason: 'REQUEST_IN_PROGRESS',
      retryAfterMs: 200,
    });
    // Another id, another caller's act or another method does not wait.
    await once(elsewhere, { ...act, requestId: randomUUID() }, now, create('y'));
    await once(elsewhere, { ...act, method: 'other' }, now, create('z'));
    finish.open();
    expect((await first).replayed).toBe(false);
    expect((await once(elsewhere, act, now, create('x'))).replayed).toBe(true);
  });

  it('fifty times at once from two processes has one effect, and every answer is that one', async () => {
    const { database, another } = await openThings();
    const databases = [database, await another()];
    const act = actOf();
    const untilAnswered = async (index: number): Promise<Answer> => {
      for (;;) {
        try {
          return await once(databases[index % 2] ?? database, act, now, create('x'));
        } catch (error) {
          // Nothing but "wait" may come back: never that the thing is there already.
          expect(error).toMatchObject({ reason: 'REQUEST_IN_PROGRESS' });
        }
      }
    };
    const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => untilAnswered(i)));
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(new Set(answers.map(textOf))).toEqual(new Set(['made x']));
  });

  it('of another caller or tenant is another act', async () => {
    const things = await openThings();
    const act = actOf();
    await once(things.database, act, now, create('x'));
    const caller = { ...act.caller, partner: 'platforms/q' };
    const answer = await once(things.database, { ...act, caller }, now, create('y'));
    expect(answer.replayed).toBe(false);
    const foreign = { ...act.caller, tenant: 'there' as never };
    expect(
      (await once(things.database, { ...act, caller: foreign }, now, create('x'))).replayed,
    ).toBe(false);
    expect(await thingNames(things.database)).toEqual(['x', 'y']);
  });
});

describe('nothing is stored', () => {
  it('after a refusal, so that the same id may be sent again', async () => {
    const things = await openThings();
    const act = actOf();
    await expect(
      once(things.database, act, now, async (em) => {
        await addThing(em, 'x');
        throw commonRefusals.STATE_NOT_ALLOWED();
      }),
    ).rejects.toMatchObject({ reason: 'STATE_NOT_ALLOWED' });
    expect(await kept(things)).toBe(0);
    expect((await once(things.database, act, now, create('x'))).replayed).toBe(false);
  });

  it('when the answer cannot be encoded', async () => {
    const things = await openThings();
    const encode = () => {
      throw new Error('no bytes');
    };
    await expect(once(things.database, actOf({ encode }), now, create('x'))).rejects.toThrow(
      'no bytes',
    );
    expect([await kept(things), await thingNames(things.database)]).toEqual([0, []]);
  });

  it('when the act is only checked, though it answers what would be', async () => {
    const things = await openThings();
    const answer = await once(things.database, actOf({ validateOnly: true }), now, create('x'));
    expect(textOf(answer)).toBe('made x');
    expect([await kept(things), await thingNames(things.database)]).toEqual([0, []]);
  });

  it('of an act that is only checked and refused', async () => {
    const things = await openThings();
    await transact(things.database, here, (em) => addThing(em, 'x'));
    await expect(
      once(things.database, actOf({ validateOnly: true }), now, create('x')),
    ).rejects.toMatchObject({ code: '23505' });
  });

  it('of an act without a request id but its effect', async () => {
    const things = await openThings();
    const answer = await once(things.database, actOf({ requestId: undefined }), now, create('x'));
    expect(answer.replayed).toBe(false);
    expect([await kept(things), await thingNames(things.database)]).toEqual([0, ['x']]);
  });
});

it('commits effect and answer in one transaction', async () => {
  const { database } = await openThings();
  await once(database, actOf(), now, create('x'));
  const { rows } = await transact(database, here, (em) =>
    sql<{ same: boolean }>(em, 'select i.xmin = t.xmin as same from idempotency i, thing t'),
  );
  expect(rows).toEqual([{ same: true }]);
});

it('runs again after a lost race, and still answers once', async () => {
  const { database } = await openThings();
  let attempts = 0;
  const answer = await once(database, actOf(), now, async (em) => {
    attempts += 1;
    if (attempts === 1) throw Object.assign(new Error('lost'), { code: '40001' });
    return create('x')(em);
  });
  expect([attempts, answer.replayed]).toEqual([2, false]);
});

it('forgets the answers of before, and only those', async () => {
  const things = await openThings();
  const [old, young] = [actOf(), actOf()];
  await once(things.database, old, new Date(now.getTime() - 1), create('old'));
  await once(things.database, young, now, create('young'));
  expect(await forgetOldAnswers(things.database, here, now)).toBe(1);
  expect((await once(things.database, young, now, create('young'))).replayed).toBe(true);
  await expect(once(things.database, old, now, create('old'))).rejects.toMatchObject({
    code: '23505', // The act itself has to refuse the repeat then.
  });
});
