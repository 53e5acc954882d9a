import { Licence } from '@lianbao/api/lianbao/party/v1/party_service_pb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aLender, aPlatform, cny, creditCode, day, next, refusalOf, requestId } from './cast.ts';
import { openWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const platformGiven = () => ({
  platformId: `p-${next()}`,
  displayName: 'Synthetic Platform',
  identityNumber: creditCode(),
  requestId: requestId(),
});

const lenderGiven = () => ({
  lenderId: `l-${next()}`,
  displayName: 'Synthetic Bank',
  identityNumber: creditCode(),
  licence: Licence.LICENSED,
  capital: cny(500_000_000n),
  capitalDate: day('2026-06-30'),
  requestId: requestId(),
});

describe('a platform', () => {
  it('is created by an operator and read by itself, operators and services', async () => {
    const given = platformGiven();
    const created = await world.operator().partners.createPlatform(given);
    expect(created).toMatchObject({
      name: `platforms/${given.platformId}`,
      displayName: given.displayName,
      etag: '1',
    });
    expect(created.legalPersonKey).toMatch(/^[0-9a-f]{64}$/);
    const { name } = created;
    for (const reader of [world.operator(), world.platform(name), world.service()]) {
      expect(await reader.partners.getPlatform({ name })).toEqual(created);
    }
  });

  it('is not created twice', async () => {
    const given = platformGiven();
    const { name } = await world.operator().partners.createPlatform(given);
    const again = { ...given, requestId: requestId() };
    expect(await refusalOf(world.operator().partners.createPlatform(again))).toMatchObject({
      reason: 'NAME_TAKEN',
      facts: { existingName: name, sameContent: 'true' },
    });
    const other = { ...again, displayName: 'Another' };
    expect(await refusalOf(world.operator().partners.createPlatform(other))).toMatchObject({
      facts: { existingName: name, sameContent: 'false' },
    });
  });

  it('is created once when two want the name at once', async () => {
    const given = platformGiven();
    const both = await Promise.allSettled(
      [1, 2].map(() =>
        world.operator().partners.createPlatform({ ...given, requestId: requestId() }),
      ),
    );
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('needs a right identity number', async () => {
    const given = { ...platformGiven(), identityNumber: '91330106000000000X' };
    expect(await refusalOf(world.operator().partners.createPlatform(given))).toMatchObject({
      reason: 'FIELD_INVALID',
      violations: [{ field: 'identity_number', reason: 'identity_number.check_character' }],
    });
  });

  it('is only checked, and not stored, on validate_only', async () => {
    const given = { ...platformGiven(), validateOnly: true };
    const { name } = await world.operator().partners.createPlatform(given);
    expect(await refusalOf(world.operator().partners.getPlatform({ name }))).toMatchObject({
      reason: 'NAME_UNKNOWN',
      facts: { name },
    });
  });

  it('stays hidden from other platforms, and from banks that do not deal with it', async () => {
    const { name } = await aPlatform(world);
    const stranger = await aPlatform(world);
    const lender = await aLender(world, stranger.name);
    for (const reader of [world.platform(stranger.name), world.bank(lender.name)]) {
      const there = await refusalOf(reader.partners.getPlatform({ name }));
      const nowhere = await refusalOf(reader.partners.getPlatform({ name: 'platforms/nowhere' }));
      expect(there).toMatchObject({ reason: 'CALLER_NOT_ALLOWED', kind: 'FORBIDDEN' });
      expect(nowhere.facts).toEqual(there.facts);
    }
    const known = await world.bank(lender.name).partners.getPlatform({ name: stranger.name });
    expect(known.name).toBe(stranger.name);
  });

  it('is listed to those who may see it, page by page, newest first', async () => {
    const names: string[] = [];
    for (let count = 0; count < 3; count += 1) {
      world.clock.advance(1_000);
      names.unshift((await aPlatform(world)).name);
    }
    const { partners } = world.operator();
    const first = await partners.listPlatforms({ pageSize: 2 });
    const second = await partners.listPlatforms({ pageSize: 2, pageToken: first.nextPageToken });
    const listed = [...first.platforms, ...second.platforms].map(({ name }) => name);
    expect(listed.slice(0, 3)).toEqual(names);
    const own = await world.platform(names[0] as string).partners.listPlatforms({});
    expect(own.platforms.map(({ name }) => name)).toEqual([names[0]]);
    const lender = await aLender(world, names[1] as string);
    const dealt = await world.bank(lender.name).partners.listPlatforms({});
    expect(dealt.platforms.map(({ name }) => name)).toEqual([names[1]]);
  });

  it('refuses a page token of another caller, or one made up', async () => {
    await aPlatform(world);
    const { partners } = world.operator();
    const { nextPageToken } = await partners.listPlatforms({ pageSize: 1 });
    const { name } = await aPlatform(world);
    const others = world.platform(name).partners.listPlatforms({ pageToken: nextPageToken });
    expect(await refusalOf(others)).toMatchObject({ reason: 'PAGE_TOKEN_INVALID' });
    const [bound, made] = JSON.parse(Buffer.from(nextPageToken, 'base64url').toString());
    const forged = Buffer.from(JSON.stringify([bound, made, "' or 1=1"])).toString('base64url');
    const refused = partners.listPlatforms({ pageToken: forged, pageSize: 1 });
    expect(await refusalOf(refused)).toMatchObject({ reason: 'PAGE_TOKEN_INVALID' });
  });
});

describe('a lender', () => {
  it('is created by an operator and read by itself, operators and services', async () => {
    const given = lenderGiven();
    const created = await world.operator().partners.createLender(given);
    expect(created).toMatchObject({
      name: `lenders/${given.lenderId}`,
      licence: Licence.LICENSED,
      capital: { units: 500_000_000n },
      capitalDate: { year: 2026, month: 6, day: 30 },
      whitelist: [],
      etag: '1',
    });
    const { name } = created;
    for (const reader of [world.operator(), world.bank(name), world.service()]) {
      expect(await reader.partners.getLender({ name })).toEqual(created);
    }
    const own = await world.bank(name).partners.listLenders({});
    expect(own.lenders).toEqual([created]);
    const all = await world.operator().partners.listLenders({ pageSize: 500 });
    expect(all.lenders.map((lender) => lender.name)).toContain(name);
  });

  it('may have its capital of today, of one fen, and no less and no later', async () => {
    const least = { ...lenderGiven(), capital: { currencyCode: 'CNY', nanos: 10_000_000 } };
    await world.operator().partners.createLender({ ...least, capitalDate: day('2026-11-25') });
    const late = { ...lenderGiven(), capital: cny(0n), capitalDate: day('2026-11-26') };
    expect(await refusalOf(world.operator().partners.createLender(late))).toMatchObject({
      violations: [
        { field: 'capital', reason: 'capital.positive' },
        { field: 'capital_date', reason: 'capital_date.past' },
      ],
    });
  });

  it('is not created twice', async () => {
    const given = lenderGiven();
    await world.operator().partners.createLender(given);
    const again = { ...given, requestId: requestId() };
    expect(await refusalOf(world.operator().partners.createLender(again))).toMatchObject({
      reason: 'NAME_TAKEN',
      facts: { sameContent: 'true' },
    });
  });

  it('stays hidden from other lenders, there or not', async () => {
    const [one, other] = [await aLender(world), await aLender(world)];
    for (const name of [one.name, 'lenders/nowhere']) {
      const refused = await refusalOf(world.bank(other.name).partners.getLender({ name }));
      expect(refused).toMatchObject({ reason: 'CALLER_NOT_ALLOWED' });
      const act = { name, platform: 'platforms/p', requestId: requestId(), etag: '1' };
      const listing = world.bank(other.name).partners.whitelistPlatform(act);
      expect(await refusalOf(listing)).toMatchObject({ reason: 'CALLER_NOT_ALLOWED' });
    }
  });
});

describe('the whitelist', () => {
  it('is the own act of the lender', async () => {
    const { name: platform } = await aPlatform(world);
    const { name, etag } = await aLender(world);
    const act = { name, platform, etag, requestId: requestId() };
    const listed = await world.bank(name).partners.whitelistPlatform(act);
    expect(listed).toMatchObject({ whitelist: [platform], etag: '2' });
    const off = { ...act, etag: '2', requestId: requestId() };
    const delisted = await world.bank(name).partners.delistPlatform(off);
    expect(delisted).toMatchObject({ whitelist: [], etag: '3' });
    const { partners } = world.operator();
    expect(await refusalOf(partners.whitelistPlatform(act))).toMatchObject({
      reason: 'CALLER_NOT_ALLOWED',
    });
  });

  it('does not change where the platform stands as wanted', async () => {
    const { name: platform } = await aPlatform(world);
    const { name } = await aLender(world, platform);
    const act = { name, platform, etag: '2', requestId: requestId() };
    expect(await world.bank(name).partners.whitelistPlatform(act)).toMatchObject({ etag: '2' });
  });

  it('takes one of two changes of the same revision', async () => {
    const platforms = [await aPlatform(world), await aPlatform(world)];
    const { name, etag } = await aLender(world);
    const both = await Promise.allSettled(
      platforms.map(({ name: platform }, index) =>
        world
          .bank(name, `Bank ${index}`)
          .partners.whitelistPlatform({ name, platform, etag, requestId: requestId() }),
      ),
    );
    const reasons = both.flatMap((one) => (one.status === 'rejected' ? [one.reason.reason] : []));
    expect(reasons).toEqual(['ETAG_MISMATCH']);
    const lender = await world.bank(name).partners.getLender({ name });
    expect(lender.whitelist).toHaveLength(1);
  });

  it('refuses an old revision, an unknown platform and a call without etag', async () => {
    const { name: platform } = await aPlatform(world);
    const { name } = await aLender(world, platform);
    const { partners } = world.bank(name);
    const act = { name, platform, etag: '1', requestId: requestId() };
    expect(await refusalOf(partners.delistPlatform(act))).toMatchObject({
      reason: 'ETAG_MISMATCH',
      facts: { name, currentRevision: '2' },
    });
    const unknown = { ...act, etag: '2', platform: 'platforms/nowhere' };
    expect(await refusalOf(partners.whitelistPlatform(unknown))).toMatchObject({
      reason: 'NAME_UNKNOWN',
      facts: { name: 'platforms/nowhere' },
    });
    expect(await refusalOf(partners.delistPlatform({ ...act, etag: '' }))).toMatchObject({
      reason: 'FIELD_INVALID',
      violations: [{ field: 'etag' }],
    });
  });
});
