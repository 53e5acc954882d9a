/** Who comes first is open; that there is one winner is not. */
import { randomUUID } from 'node:crypto';
import type { Bus } from '@lianbao/events';
import { Refusal, type Uid } from '@lianbao/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  bringIntoForce,
  draftOf,
  get,
  readyWorld,
  referredOf,
  requestId,
  stateOf,
  submittedOf,
} from './cast.ts';
import { verifiedSeller } from './fake-party.ts';
import type { World } from './world.ts';

let world: World;
let other: Bus;
beforeAll(async () => {
  world = await readyWorld();
  other = await world.anotherProcess();
});
afterAll(() => world.close());

const rounds = 12;
const anyKey = (): Uid => randomUUID() as Uid;

it('lets one of two answers decide when both come at once, in two processes', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const { name } = await submittedOf(world);
    await Promise.all([
      world.score(name),
      world.score(name, { grade: 'D', pdPpm: 400_000n, key: anyKey(), through: other }),
    ]);
    const { decisions } = await world.bank().applications.listDecisions({ parent: name });
    expect(decisions).toHaveLength(1);
    const said = await world.saidOf(name);
    expect(said.filter((type) => type === 'ApplicationDecided')).toHaveLength(1);
  }
});

it('gives a withdrawal and a decision at once one winner, and the loser leaves nothing', async () => {
  const ends = new Set<string>();
  for (let round = 0; round < rounds; round += 1) {
    const { name, etag } = await submittedOf(world);
    const withdrawal = world
      .platform()
      .applications.withdrawApplication({ name, etag, requestId: requestId() });
    const [outcome] = await Promise.allSettled([withdrawal, world.score(name)]);
    const state = await stateOf(world, name);
    const said = await world.saidOf(name);
    ends.add(state);
    if (outcome.status === 'fulfilled') {
      expect(state).toBe('WITHDRAWN');
      expect(said).toEqual(['ApplicationSubmitted', 'ApplicationClosed']);
      expect((await get(world, name)).decision).toBe('');
    } else {
      expect(outcome.reason).toBeInstanceOf(Refusal);
      expect(outcome.reason.reason).toBe('ETAG_MISMATCH');
      expect(state).toBe('APPROVED');
      expect(said).toEqual(['ApplicationSubmitted', 'ApplicationDecided']);
    }
  }
  expect(ends.size).toBeGreaterThan(0);
});

it('submits one of two applications of a legal person that come at once', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const seller = `platforms/p/sellers/pair-${round}`;
    const drafts = await Promise.all([draftOf(world, { seller }), draftOf(world, { seller })]);
    const outcomes = await Promise.allSettled(
      drafts.map(({ name, etag }) =>
        world.platform().applications.submitApplication({ name, etag, requestId: requestId() }),
      ),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const failed = outcomes.find(({ status }) => status === 'rejected') as PromiseRejectedResult;
    expect(failed.reason).toMatchObject({ reason: 'APPLICATION_OPEN' });
  }
});

it('locks for a batch beforehand all that deciding locks, whatever the state', async () => {
  const withdrawn = await submittedOf(world);
  await world.platform().applications.withdrawApplication({
    ...{ name: withdrawn.name, etag: withdrawn.etag, requestId: requestId() },
  });
  const decided = [await submittedOf(world), await submittedOf(world)] as const;
  await world.score(decided[0].name);
  await world.score(decided[1].name, { grade: 'D', pdPpm: 400_000n });
  const waiting = [await submittedOf(world), await referredOf(world), await draftOf(world)];
  const uids = [withdrawn, ...decided, ...waiting].map(({ uid }) => uid);

  const { admin } = world;
  const keysLocked = async () => {
    const { rows } = await admin.query(
      `select classid, objid from pg_locks
        where locktype = 'advisory' and pid = pg_backend_pid() order by 1, 2`,
    );
    return rows;
  };
  await admin.query(`begin; set local app.tenant = 'local'`);
  await admin.query('select lock_to_decide($1)', [uids]);
  const before = await keysLocked();
  for (const uid of uids) await admin.query(`select deciding_ground($1, '2020-02')`, [uid]);
  const after = await keysLocked();
  await admin.query('rollback');
  expect(before.length).toBeGreaterThanOrEqual(2 * 5); // Each firm's own key and its controller's.
  expect(after).toEqual(before);
});

describe('limits of the lender', () => {
  /** In yuan, 0 without an offer. */
  const offeredTo = (names: readonly string[]) =>
    Promise.all(
      names.map(async (name) => {
        const { offers } = await world.platform().applications.listOffers({ parent: name });
        return offers[0]?.principal?.units ?? 0n;
      }),
    );
  const approvedOf = async (names: readonly string[]) =>
    (await offeredTo(names)).reduce((sum, amount) => sum + amount, 0n);

  /** Half of them through each process. */
  const scoreAll = (names: readonly string[]) =>
    Promise.all(
      names.map((name, index) =>
        index % 2 === 0 ? world.score(name) : world.score(name, { key: anyKey(), through: other }),
      ),
    );

  it('never lends more to firms under the same control than the capital allows', async () => {
    const lender = { capitalFen: 2_000_000_00n, whitelist: ['platforms/p'] }; // 15 %: 300,000.
    const before = world.party.lenders.get('lenders/l');
    world.party.lenders.set('lenders/l', lender);
    const names: string[] = [];
    for (let firm = 0; firm < 6; firm += 1) {
      const seller = `platforms/p/sellers/same-hand-${firm}`;
      const controllerKeys = ['one hand', `own ${firm}`];
      world.party.sellers.set(seller, { ...verifiedSeller(seller), controllerKeys });
      names.push((await submittedOf(world, { seller })).name);
    }
    if (before !== undefined) world.party.lenders.set('lenders/l', before);
    await scoreAll(names);
    expect(await approvedOf(names)).toBe(300_000n);
    const states = await Promise.all(names.map((name) => stateOf(world, name)));
    expect(states.filter((state) => state === 'DECLINED')).toHaveLength(3);
    const declined = names[states.indexOf('DECLINED')] ?? '';
    expect((await get(world, declined)).reasons[0]?.code).toBe('CONNECTED_LIMIT_REACHED');
  });

  it('never approves more of a product in a month than its programme, and offers what is left', async () => {
    const { rows } = await world.admin.query(`select sum(approved_fen) as used from programme_use`);
    const most = BigInt(rows[0].used) / 100n + 250_000n;
    await bringIntoForce(world, 'tight', ({ lender }) => {
      const [limit] = lender?.programmeLimits ?? [];
      if (limit?.monthlyAmountMax) limit.monthlyAmountMax.units = most;
    });
    const names: string[] = [];
    for (let firm = 0; firm < 5; firm += 1) names.push((await submittedOf(world)).name);
    await scoreAll(names);
    expect(await approvedOf(names)).toBe(250_000n);
    const states = await Promise.all(names.map((name) => stateOf(world, name)));
    expect(states.toSorted()).toEqual(['APPROVED', 'APPROVED', 'APPROVED', 'DECLINED', 'DECLINED']);
    const declined = names[states.indexOf('DECLINED')] ?? '';
    expect((await get(world, declined)).reasons[0]?.code).toBe('LENDER_LIMIT_REACHED');
    expect(await offeredTo(names)).toContain(50_000n);
  });
});
