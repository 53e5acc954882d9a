import { SellerState } from '@lianbao/api/lianbao/party/v1/party_service_pb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  aLender,
  aPlatform,
  aSeller,
  creditCode,
  document,
  refusalOf,
  refusalsOf,
  requestId,
  verificationOf,
} from './cast.ts';
import { openWorld, type World } from './world.ts';

let world: World;
let platform: string;
beforeAll(async () => {
  world = await openWorld();
  platform = (await aPlatform(world)).name;
});
afterAll(() => world.close());

const ground = (seller: { readonly name: string; readonly etag: string }) => ({
  name: seller.name,
  etag: seller.etag,
  reason: 'fraud under investigation',
  document: document('order'),
  requestId: requestId(),
});

describe('a block', () => {
  it('shows on the seller, with its reason', async () => {
    const seller = await aSeller(world, platform);
    const blocked = await world.operator().sellers.blockSeller(ground(seller));
    expect(blocked).toMatchObject({
      state: SellerState.BLOCKED,
      blockReason: 'fraud under investigation',
      etag: '2',
    });
    expect(blocked.blockTime).toBeDefined();
  });

  it('counts for the legal person on every platform, also where it comes later', async () => {
    const identity = creditCode();
    const other = (await aPlatform(world)).name;
    const third = (await aPlatform(world)).name;
    const here = await aSeller(world, platform, identity);
    const there = await aSeller(world, other, identity);
    await world.operator().sellers.blockSeller(ground(here));
    const seen = await world.platform(other).sellers.getSeller({ name: there.name });
    expect(seen).toMatchObject({ state: SellerState.BLOCKED, etag: '2' });
    expect((await aSeller(world, third, identity)).state).toBe(SellerState.BLOCKED);
    await world.settled();
    for (const told of [other, third]) {
      const { events } = await world.platform(told).feed.listEvents({});
      expect(events.map(({ event }) => event?.typeUrl)).toContain(
        'type.googleapis.com/lianbao.party.v1.SellerBlocked',
      );
    }
    const lifted = ground(seen);
    await world.operator('Ops Two').sellers.unblockSeller(lifted);
    const free = await world.platform(platform).sellers.getSeller({ name: here.name });
    expect(free).toMatchObject({ state: SellerState.REGISTERED, blockReason: '' });
  });

  it('ends by another person only, however the name is spelled', async () => {
    const seller = await aSeller(world, platform);
    const blocked = await world.operator('Ops One').sellers.blockSeller(ground(seller));
    for (const same of ['Ops One', ' ops  one ', 'ＯＰＳ ＯＮＥ']) {
      const { sellers } = world.operator(same);
      expect(await refusalOf(sellers.unblockSeller(ground(blocked)))).toMatchObject({
        reason: 'FOUR_EYES_SAME_PERSON',
        kind: 'FORBIDDEN',
        facts: { proposer: 'ops one' },
      });
    }
    const free = await world.operator('Ops Two').sellers.unblockSeller(ground(blocked));
    expect(free).toMatchObject({ state: SellerState.REGISTERED, etag: '3' });
  });

  it('leaves a verified seller verified when it ends', async () => {
    const { name } = await aSeller(world, platform);
    const { sellers } = world.operator();
    const verified = await sellers.recordVerification(verificationOf(name));
    const blocked = await sellers.blockSeller(ground(verified));
    expect(blocked.state).toBe(SellerState.BLOCKED);
    const free = await world.operator('Ops Two').sellers.unblockSeller(ground(blocked));
    expect(free).toMatchObject({
      state: SellerState.VERIFIED,
      verifiedUntil: verified.verifiedUntil,
    });
  });

  it('is not lifted by a verification', async () => {
    const { sellers } = world.operator();
    const blocked = await sellers.blockSeller(ground(await aSeller(world, platform)));
    const checked = await sellers.recordVerification(verificationOf(blocked.name));
    expect(checked.state).toBe(SellerState.BLOCKED);
    const free = await world.operator('Ops Two').sellers.unblockSeller(ground(checked));
    expect(free.state).toBe(SellerState.VERIFIED);
  });

  it('is there once, and can only end where it is', async () => {
    const seller = await aSeller(world, platform);
    const { sellers } = world.operator();
    expect(await refusalOf(sellers.unblockSeller(ground(seller)))).toMatchObject({
      reason: 'STATE_NOT_ALLOWED',
      facts: { state: 'REGISTERED', allowedStates: 'BLOCKED' },
    });
    const blocked = await sellers.blockSeller(ground(seller));
    expect(await refusalOf(sellers.blockSeller(ground(blocked)))).toMatchObject({
      reason: 'STATE_NOT_ALLOWED',
      facts: { state: 'BLOCKED' },
    });
  });

  it('is put on once when two want it at once', async () => {
    const seller = await aSeller(world, platform);
    const both = await Promise.allSettled(
      ['Ops One', 'Ops Two'].map((person) =>
        world.operator(person).sellers.blockSeller(ground(seller)),
      ),
    );
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const { rows } = await world.admin.query(
      'select count(*)::integer as count from legal_person_block where legal_person_key = $1',
      [seller.legalPersonKey],
    );
    expect(rows).toEqual([{ count: 1 }]);
  });

  it('reaches a seller that is registered at the same moment', async () => {
    const other = (await aPlatform(world)).name;
    const identity = creditCode();
    const here = await aSeller(world, platform, identity);
    const [, there] = await Promise.all([
      world.operator().sellers.blockSeller(ground(here)),
      aSeller(world, other, identity),
    ]);
    const seen = await world.platform(other).sellers.getSeller({ name: there.name });
    expect(seen.state).toBe(SellerState.BLOCKED);
    await world.settled();
    const { events } = await world.platform(other).feed.listEvents({});
    const types = events.map(({ event }) => event?.typeUrl.split('.').at(-1));
    expect(types.filter((type) => type === 'SellerBlocked')).toHaveLength(1);
  });

  it('refuses an old revision, an unknown seller and anyone but an operator', async () => {
    const seller = await aSeller(world, platform);
    const lender = await aLender(world, platform);
    const { sellers } = world.operator();
    const old = { ...ground(seller), etag: '7' };
    for (const refused of await refusalsOf(sellers.blockSeller(old), sellers.unblockSeller(old))) {
      expect(refused).toMatchObject({
        reason: 'ETAG_MISMATCH',
        facts: { name: seller.name, currentRevision: '1' },
      });
    }
    const nowhere = { ...ground(seller), name: `${platform}/sellers/nowhere` };
    for (const refused of await refusalsOf(
      sellers.blockSeller(nowhere),
      sellers.unblockSeller(nowhere),
    )) {
      expect(refused).toMatchObject({ reason: 'NAME_UNKNOWN' });
    }
    for (const other of [world.platform(platform), world.bank(lender.name), world.service()]) {
      for (const refused of await refusalsOf(
        other.sellers.blockSeller(ground(seller)),
        other.sellers.unblockSeller(ground(seller)),
      )) {
        expect(refused).toMatchObject({ reason: 'CALLER_NOT_ALLOWED' });
      }
    }
  });
});
