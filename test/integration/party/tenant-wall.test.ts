import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { aPlatform, aSeller, creditCode, refusalOf, requestId, sellerGiven } from './cast.ts';
import { openWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

it('stands before every table, for the owner too', async () => {
  const { rows } = await world.admin.query(
    `select relname from pg_class
      where relkind = 'r' and relnamespace = 'public'::regnamespace and relname <> 'migration'
        and not (relrowsecurity and relforcerowsecurity and exists (
          select 1 from pg_policy where polrelid = pg_class.oid and polwithcheck is not null))`,
  );
  expect(rows).toEqual([]);
});

it('shows the application role nothing of another tenant, and nothing without one', async () => {
  const { name } = await aPlatform(world);
  const app = new pg.Client({ connectionString: world.appUrl });
  await app.connect();
  try {
    await app.query('begin');
    await app.query(`select set_config('app.tenant', 'other', true)`);
    for (const table of ['platform', 'seller', 'consent', 'feed_event', 'outbox', 'idempotency']) {
      const { rows } = await app.query(`select count(*)::integer as count from ${table}`);
      expect([table, rows[0]]).toEqual([table, { count: 0 }]);
    }
    await app.query(`select set_config('app.tenant', 'local', true)`);
    const { rows } = await app.query('select name from platform where name = $1', [name]);
    expect(rows).toEqual([{ name }]);
    await app.query('rollback');
    const seen = await app.query('select name from platform').then(
      (result) => result.rows,
      () => [],
    );
    expect(seen).toEqual([]);
  } finally {
    await app.end();
  }
});

it('keeps two markets apart that use the same names and numbers', async () => {
  const identityNumber = creditCode();
  const platform = { platformId: 'twin', displayName: 'Synthetic', identityNumber };
  const here = await world
    .operator('Ops One', 'local')
    .partners.createPlatform({ ...platform, requestId: requestId() });
  const there = await world
    .operator('Ops One', 'other')
    .partners.createPlatform({ ...platform, requestId: requestId() });
  expect(there.name).toBe(here.name);
  expect(there.uid).not.toBe(here.uid);
  expect(there.legalPersonKey).not.toBe(here.legalPersonKey);

  const seller = await aSeller(world, 'platforms/twin', identityNumber);
  const elsewhere = world.platform('platforms/twin', 'other');
  expect(await refusalOf(elsewhere.sellers.getSeller({ name: seller.name }))).toMatchObject({
    reason: 'NAME_UNKNOWN',
  });
  const twin = await elsewhere.sellers.createSeller(sellerGiven('platforms/twin', identityNumber));
  expect(twin.legalPersonKey).not.toBe(seller.legalPersonKey);
  await world.settled();
  const { events } = await elsewhere.feed.listEvents({});
  expect(events.map(({ subject }) => subject).sort()).toEqual(['platforms/twin', twin.name].sort());
});
