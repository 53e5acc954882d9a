import { SellerKind, SellerState } from '@lianbao/api/lianbao/party/v1/party_service_pb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  aLender,
  aPlatform,
  aSeller,
  citizenNumber,
  creditCode,
  next,
  refusalOf,
  requestId,
  sellerGiven,
} from './cast.ts';
import { openWorld, type World } from './world.ts';

let world: World;
let platform: string;
beforeAll(async () => {
  world = await openWorld();
  platform = (await aPlatform(world)).name;
});
afterAll(() => world.close());

const create = (given: ReturnType<typeof sellerGiven>) =>
  world.platform(given.parent).sellers.createSeller(given);

describe('a seller', () => {
  it('is registered by its platform, which sees its whole name', async () => {
    const given = sellerGiven(platform);
    const seller = await create(given);
    expect(seller).toMatchObject({
      name: `${platform}/sellers/${given.sellerId}`,
      state: SellerState.REGISTERED,
      kind: SellerKind.COMPANY,
      legalName: given.legalName,
      regionCode: '330106',
      tradeCategory: 'F5292',
      externalReference: given.externalReference,
      controllers: [],
      blockReason: '',
      etag: '1',
    });
    expect(seller.netAssets).toBeUndefined();
    expect(await world.platform(platform).sellers.getSeller({ name: seller.name })).toEqual(seller);
  });

  it('is shown to a bank that deals with its platform, to operators and services by a masked name', async () => {
    const person = { kind: SellerKind.NATURAL_PERSON, legalName: '欧阳合成' };
    const given = { ...sellerGiven(platform, citizenNumber()), ...person };
    const { name } = await create(given);
    const { name: lender } = await aLender(world, platform);
    for (const reader of [world.operator(), world.service(), world.bank(lender)]) {
      expect((await reader.sellers.getSeller({ name })).legalName).toBe('欧***');
    }
    const firm = await aSeller(world, platform);
    const seen = await world.operator().sellers.getSeller({ name: firm.name });
    expect(seen.legalName).toBe('杭***公司');
  });

  it.each([
    [SellerKind.COMPANY, () => citizenNumber(), 'check_character'],
    [SellerKind.INDIVIDUAL_BUSINESS, () => `${creditCode().slice(0, 17)}I`, 'characters'],
    [SellerKind.NATURAL_PERSON, () => creditCode(), 'date_of_birth'],
    [SellerKind.NATURAL_PERSON, () => '330106199013010014', 'date_of_birth'],
  ])('of kind %d needs a number of its own standard', async (kind, number, fault) => {
    const given = { ...sellerGiven(platform, number()), kind };
    const refused = await refusalOf(create(given));
    expect(refused.violations).toMatchObject([
      { field: 'identity_number', reason: `identity_number.${fault}` },
    ]);
  });

  it('of each kind is registered with a right number', async () => {
    for (const [kind, number] of [
      [SellerKind.INDIVIDUAL_BUSINESS, creditCode()],
      [SellerKind.NATURAL_PERSON, citizenNumber()],
    ] as const) {
      expect((await create({ ...sellerGiven(platform, number), kind })).kind).toBe(kind);
    }
  });

  it('has one name, one identity and one external reference on its platform', async () => {
    const given = sellerGiven(platform);
    const { name } = await create(given);
    expect(await refusalOf(create(given))).toMatchObject({
      reason: 'NAME_TAKEN',
      facts: { existingName: name, sameContent: 'true' },
    });
    const renamed = { ...given, legalName: '杭州另一电子商务有限公司' };
    expect(await refusalOf(create(renamed))).toMatchObject({ facts: { sameContent: 'false' } });
    const twin = sellerGiven(platform, given.identityNumber);
    expect(await refusalOf(create(twin))).toMatchObject({
      reason: 'IDENTITY_TAKEN',
      kind: 'ALREADY_EXISTS',
      facts: { existingName: name },
    });
    const numbered = { ...sellerGiven(platform), externalReference: given.externalReference };
    expect(await refusalOf(create(numbered))).toMatchObject({
      reason: 'DUPLICATE_EXTERNAL_REFERENCE',
      facts: { existingName: name },
    });
  });

  it('may be a seller of another platform too, by the same key', async () => {
    const other = await aPlatform(world);
    const identity = creditCode();
    const here = await aSeller(world, platform, identity);
    const there = await aSeller(world, other.name, identity);
    expect(there.legalPersonKey).toBe(here.legalPersonKey);
    expect(there.uid).not.toBe(here.uid);
  });

  it('is registered once when two platforms calls race for one identity', async () => {
    const identity = creditCode();
    const all = await Promise.allSettled(
      [1, 2, 3, 4].map(() => create(sellerGiven(platform, identity))),
    );
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const reasons = all.flatMap((one) => (one.status === 'rejected' ? [one.reason.reason] : []));
    expect(reasons).toEqual(['IDENTITY_TAKEN', 'IDENTITY_TAKEN', 'IDENTITY_TAKEN']);
  });

  it('is not stored on validate_only, and found wanting all the same', async () => {
    const given = { ...sellerGiven(platform), validateOnly: true };
    expect(await create(given)).toMatchObject({ etag: '1' });
    await create(sellerGiven(platform, given.identityNumber));
    expect(await refusalOf(create(given))).toMatchObject({ reason: 'IDENTITY_TAKEN' });
  });

  it('needs a platform that exists', async () => {
    const nowhere = `platforms/p-${next()}`;
    expect(await refusalOf(create(sellerGiven(nowhere)))).toMatchObject({
      reason: 'NAME_UNKNOWN',
      facts: { name: nowhere },
    });
  });

  it('is registered once by a request id sent twice', async () => {
    const given = { ...sellerGiven(platform), requestId: requestId() };
    const first = await create(given);
    let replayed: string | undefined;
    const again = await world.platform(platform).sellers.createSeller(given, {
      onTrailers: (trailers) => {
        replayed = trailers.get('lianbao-replayed');
      },
    });
    expect(again).toEqual(first);
    expect(replayed).toBe('true');
  });

  it('stays hidden from other platforms and from banks without dealings, there or not', async () => {
    const { name } = await aSeller(world, platform);
    const other = await aPlatform(world);
    const stranger = await aLender(world, other.name);
    for (const reader of [world.platform(other.name), world.bank(stranger.name)]) {
      const there = await refusalOf(reader.sellers.getSeller({ name }));
      const gone = `${platform}/sellers/nowhere`;
      const nowhere = await refusalOf(reader.sellers.getSeller({ name: gone }));
      expect(there).toMatchObject({ reason: 'CALLER_NOT_ALLOWED', kind: 'FORBIDDEN' });
      expect([nowhere.reason, nowhere.facts]).toEqual([there.reason, there.facts]);
    }
    const own = world.platform(platform).sellers.getSeller({ name: `${platform}/sellers/nowhere` });
    expect(await refusalOf(own)).toMatchObject({ reason: 'NAME_UNKNOWN' });
  });

  it('is registered by its own platform only', async () => {
    const other = await aPlatform(world);
    const given = sellerGiven(platform);
    for (const caller of [world.platform(other.name), world.operator(), world.service()]) {
      expect(await refusalOf(caller.sellers.createSeller(given))).toMatchObject({
        reason: 'CALLER_NOT_ALLOWED',
      });
    }
  });

  it('is listed to its platform whole and to operators masked, newest first', async () => {
    const { name: parent } = await aPlatform(world);
    const names: string[] = [];
    for (let count = 0; count < 3; count += 1) {
      world.clock.advance(1_000);
      names.unshift((await aSeller(world, parent)).name);
    }
    const own = world.platform(parent).sellers;
    const first = await own.listSellers({ parent, pageSize: 2 });
    const rest = await own.listSellers({ parent, pageSize: 2, pageToken: first.nextPageToken });
    expect([...first.sellers, ...rest.sellers].map(({ name }) => name)).toEqual(names);
    expect(rest.nextPageToken).toBe('');
    expect(first.sellers[0]?.legalName).toBe('杭州合成电子商务有限公司');
    const masked = await world.operator().sellers.listSellers({ parent });
    expect(masked.sellers.map(({ legalName }) => legalName)).toEqual(Array(3).fill('杭***公司'));
    const unknown = world.operator().sellers.listSellers({ parent: 'platforms/nowhere' });
    expect(await refusalOf(unknown)).toMatchObject({ reason: 'NAME_UNKNOWN' });
    const { name: lender } = await aLender(world, parent);
    for (const other of [world.bank(lender), world.platform(platform)]) {
      expect(await refusalOf(other.sellers.listSellers({ parent }))).toMatchObject({
        reason: 'CALLER_NOT_ALLOWED',
      });
    }
  });

  it('of another tenant is not there', async () => {
    const { name } = await aSeller(world, platform);
    const elsewhere = world.operator('Ops One', 'other').sellers.getSeller({ name });
    expect(await refusalOf(elsewhere)).toMatchObject({ reason: 'NAME_UNKNOWN' });
  });
});
