/** The programme of a lender counts the offers that were made in a month and have not ended. */
import { readFileSync } from 'node:fs';
import { RepaymentMethod } from '@lianbao/api/lianbao/approval/v1/approval_service_pb';
import type { Bus } from '@lianbao/events';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  bringIntoForce,
  get,
  readyWorld,
  referredOf,
  requestId,
  stateOf,
  submittedOf,
} from './cast.ts';
import { yuan } from './names.ts';
import type { World } from './world.ts';

let world: World;
let other: Bus;
beforeAll(async () => {
  world = await readyWorld();
  other = await world.anotherProcess();
});
afterAll(() => world.close());

const dayMs = 86_400_000;
const monthOf = (time: string) => `to_char(${time} at time zone 'Asia/Shanghai', 'YYYY-MM')`;

async function programmes(): Promise<unknown> {
  const { rows } = await world.admin.query(
    `select lender, product, month, approved_fen from programme_use where approved_fen <> 0
      order by lender, product, month`,
  );
  return rows;
}

async function liveOffers(): Promise<unknown> {
  const { rows } = await world.admin.query(
    `select o.lender, product, ${monthOf('o.created_at')} as month,
       sum(principal_fen)::text as approved_fen
       from offer as o join application as a on a.uid = application_uid where o.state = 'OPEN'
      group by 1, 2, 3 order by 1, 2, 3`,
  );
  return rows;
}

async function approvedOf(units = 100_000n): Promise<string> {
  const { name } = await submittedOf(world, { requestedAmount: yuan(units) });
  await world.score(name);
  return name;
}

async function withdraw(name: string): Promise<void> {
  const { etag } = await get(world, name);
  await world.platform().applications.withdrawApplication({ name, etag, requestId: requestId() });
}

async function offer(name: string, units: bigint): Promise<void> {
  const { etag } = await get(world, name);
  await world.bank('Committee', 'COMMITTEE').tasks.submitOffer({
    parent: name,
    etag,
    principal: yuan(units),
    termMonths: 6,
    annualRate: { value: '0.1' },
    repaymentMethod: RepaymentMethod.BULLET,
    note: 'known',
    requestId: requestId(),
  });
}

async function namesIn(state: string): Promise<readonly string[]> {
  const { rows } = await world.admin.query<{ name: string }>(
    'select name from application where state = $1 order by name',
    [state],
  );
  return rows.map(({ name }) => name);
}

const units = fc.integer({ min: 20, max: 100 }).map((thousands) => BigInt(thousands) * 1_000n);
const which = fc.nat();
const anyAct = fc.oneof(
  fc.record({ act: fc.constant('APPROVE'), units, which }),
  fc.record({
    act: fc.constantFrom('WITHDRAW', 'REPLACE', 'OFFER', 'REFER', 'DAYS'),
    units,
    which,
  }),
);

const acts: Readonly<Record<string, (units: bigint, which: number) => Promise<unknown>>> = {
  APPROVE: (amount) => approvedOf(amount),
  REFER: () => referredOf(world),
  WITHDRAW: async (_, at) => {
    const names = [...(await namesIn('APPROVED')), ...(await namesIn('REFERRED'))];
    const name = names[at % names.length];
    if (name !== undefined) await withdraw(name);
  },
  REPLACE: async (amount, at) => {
    const names = await namesIn('APPROVED');
    const name = names[at % names.length];
    if (name !== undefined) await offer(name, amount < 100_000n ? 20_000n : amount);
  },
  OFFER: async (amount) => {
    const { name } = await referredOf(world);
    await offer(name, amount);
  },
  DAYS: async () => {
    world.clock.advance(2 * dayMs);
    await world.runTimers();
  },
};

it('is the sum of live offers of its month, whatever is done in whatever order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyAct, { minLength: 8, maxLength: 14 }), async (given) => {
      for (const { act, units: amount, which: at } of given) {
        await acts[act]?.(amount, at);
        expect(await programmes()).toEqual(await liveOffers());
      }
    }),
    { seed: 42, numRuns: 6 },
  );
  const { rows } = await world.admin.query(
    `select array_agg(distinct state order by state) as ends, count(distinct
       ${monthOf('created_at')}) as months from offer`,
  );
  expect(rows[0].ends).toEqual(['EXPIRED', 'OPEN', 'REPLACED', 'WITHDRAWN']);
  expect(Number(rows[0].months)).toBeGreaterThan(1);
});

it('stays that when offers are made and ended at once, in two processes', async () => {
  for (let round = 0; round < 4; round += 1) {
    const [old, older] = [await approvedOf(), await approvedOf()];
    const drafts = [await submittedOf(world), await submittedOf(world), await submittedOf(world)];
    await Promise.all([
      withdraw(old),
      offer(older, 40_000n),
      ...drafts.map(({ name }, at) => world.score(name, at === 0 ? { through: other } : {})),
    ]);
    expect(await programmes()).toEqual(await liveOffers());
  }
});

it('lends again what an offer that was withdrawn had taken', async () => {
  const { rows } = await world.admin.query(
    `select coalesce(sum(approved_fen), 0) as used from programme_use where month = $1`,
    [world.clock.now().toISOString().slice(0, 7)],
  );
  const most = BigInt(rows[0].used) / 100n + 100_000n;
  await bringIntoForce(world, 'full', ({ lender }) => {
    const [limit] = lender?.programmeLimits ?? [];
    if (limit?.monthlyAmountMax) limit.monthlyAmountMax.units = most;
  });
  const first = await approvedOf();
  expect(await stateOf(world, first)).toBe('APPROVED');
  expect(await stateOf(world, await approvedOf())).toBe('DECLINED');
  await withdraw(first);
  expect(await stateOf(world, await approvedOf())).toBe('APPROVED');
});

it('is counted out once from what ended before it was given back', async () => {
  await approvedOf(50_000n);
  const whole = await programmes();
  await world.admin.query('update programme_use set approved_fen = approved_fen + 7');
  await world.admin.query('alter table programme_use drop constraint programme_use_not_negative');
  await world.admin.query('set role approval_owner'); // Who migrates, and stands before the walls too.
  const file = '../../../services/approval/migrations/0006_programme_of_live_offers.sql';
  await world.admin.query(readFileSync(new URL(file, import.meta.url), 'utf8'));
  await world.admin.query('reset role');
  expect(await programmes()).toEqual(whole);
});
