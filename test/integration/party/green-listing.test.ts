import { GreenListingState, type Seller } from '@lianbao/api/lianbao/party/v1/party_service_pb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import {
  aLender,
  aPlatform,
  aSeller,
  day,
  document,
  refusalOf,
  refusalsOf,
  requestId,
} from './cast.ts';
import { openWorld, type World } from './world.ts';

let world: World;
let platform: string;
beforeAll(async () => {
  world = await openWorld();
  platform = (await aPlatform(world)).name;
});
afterAll(() => world.close());

type Seen = Pick<Seller, 'name' | 'etag'>;

const propose = ({ name, etag }: Seen, until: string, person?: string) =>
  world.operator(person).sellers.proposeGreenListing({
    name,
    etag,
    listDocument: document('official list'),
    until: day(until),
    requestId: requestId(),
  });

const approve = ({ name, etag }: Seen, person: string) =>
  world.operator(person).sellers.approveGreenListing({ name, etag, requestId: requestId() });

const read = ({ name }: Seen) => world.operator().sellers.getSeller({ name });

const typesIn = async (of: string) => {
  await world.settled();
  const { events } = await world.platform(of).feed.listEvents({ pageSize: 500 });
  return events.map(({ subject, event }) => `${subject} ${event?.typeUrl.split('.').at(-1)}`);
};

describe('a green listing', () => {
  it('is proposed by one person and approved by another', async () => {
    const proposed = await propose(await aSeller(world, platform), '2026-12-31');
    expect(proposed).toMatchObject({
      greenListing: {
        state: GreenListingState.PROPOSED,
        until: { year: 2026, month: 12, day: 31 },
        listDocument: document('official list'),
        proposer: 'ops one',
        approver: '',
      },
      etag: '2',
    });
    const approved = await approve(proposed, 'Ops Two');
    expect(approved).toMatchObject({
      greenListing: { state: GreenListingState.APPROVED, approver: 'ops two' },
      etag: '3',
    });
    expect(await typesIn(platform)).toContain(`${approved.name} SellerGreenListed`);
  });

  it('is not approved by the proposer, however the name is spelled', async () => {
    const proposed = await propose(await aSeller(world, platform), '2026-12-31', 'José  Ops');
    expect(await refusalOf(approve(proposed, ' JOSE\u0301 ops'))).toMatchObject({
      reason: 'FOUR_EYES_SAME_PERSON',
      facts: { proposer: 'josé ops' },
    });
  });

  it('may have today as its last day, and no day before', async () => {
    const seller = await aSeller(world, platform);
    expect(await refusalOf(propose(seller, '2026-11-24'))).toMatchObject({
      violations: [{ field: 'until', reason: 'until.future' }],
    });
    expect(await propose(seller, '2026-11-25')).toMatchObject({ etag: '2' });
  });

  it('is proposed anew in place of a proposal, by whoever then may not approve', async () => {
    const first = await propose(await aSeller(world, platform), '2026-12-31', 'Ops One');
    const second = await propose(first, '2027-01-31', 'Ops Two');
    expect(second.greenListing).toMatchObject({
      until: { year: 2027, month: 1, day: 31 },
      proposer: 'ops two',
    });
    expect(await refusalOf(approve(second, 'Ops Two'))).toMatchObject({
      reason: 'FOUR_EYES_SAME_PERSON',
    });
    expect((await approve(second, 'Ops One')).greenListing?.state).toBe(GreenListingState.APPROVED);
  });

  it('is not proposed while one is in force, nor approved without a proposal', async () => {
    const seller = await aSeller(world, platform);
    expect(await refusalOf(approve(seller, 'Ops Two'))).toMatchObject({
      reason: 'STATE_NOT_ALLOWED',
      facts: { state: 'NONE', allowedStates: 'PROPOSED' },
    });
    const approved = await approve(await propose(seller, '2026-12-31'), 'Ops Two');
    expect(await refusalOf(propose(approved, '2027-12-31'))).toMatchObject({
      reason: 'STATE_NOT_ALLOWED',
      facts: { state: 'APPROVED' },
    });
    expect(await refusalOf(approve(approved, 'Ops Three'))).toMatchObject({
      reason: 'STATE_NOT_ALLOWED',
      facts: { state: 'APPROVED' },
    });
  });

  it('refuses an old revision, an unknown seller and anyone but an operator', async () => {
    const proposed = await propose(await aSeller(world, platform), '2026-12-31');
    const old = { name: proposed.name, etag: '1' };
    for (const refused of await refusalsOf(propose(old, '2026-12-31'), approve(old, 'Ops Two'))) {
      expect(refused).toMatchObject({
        reason: 'ETAG_MISMATCH',
        facts: { currentRevision: '2' },
      });
    }
    const nowhere = { name: `${platform}/sellers/nowhere`, etag: '1' };
    for (const refused of await refusalsOf(
      propose(nowhere, '2026-12-31'),
      approve(nowhere, 'Ops Two'),
    )) {
      expect(refused).toMatchObject({ reason: 'NAME_UNKNOWN' });
    }
    const lender = await aLender(world, platform);
    for (const other of [world.platform(platform), world.bank(lender.name), world.service()]) {
      const act = { name: proposed.name, etag: '2', requestId: requestId() };
      const proposal = { ...act, until: day('2026-12-31'), listDocument: document() };
      for (const refused of await refusalsOf(
        other.sellers.approveGreenListing(act),
        other.sellers.proposeGreenListing(proposal),
      )) {
        expect(refused).toMatchObject({ reason: 'CALLER_NOT_ALLOWED' });
      }
    }
  });

  it('ends after its last day, an unapproved proposal without a word', async () => {
    const listed = await approve(
      await propose(await aSeller(world, platform), '2026-11-26'),
      'Ops Two',
    );
    const proposed = await propose(await aSeller(world, platform), '2026-11-26');
    const ended = (seller: Seen) =>
      eventually('the listing has ended', async () => {
        const now = await read(seller);
        return now.greenListing?.state === GreenListingState.ENDED ? now : undefined;
      });
    world.clock.advance(38 * 3_600_000); // 27 November, 00:00 in Shanghai
    expect(await refusalOf(approve(proposed, 'Ops Two'))).toMatchObject({
      reason: 'STATE_NOT_ALLOWED',
    });
    expect(await ended(listed)).toMatchObject({ etag: '4' });
    const over = await ended(proposed);
    const types = await typesIn(platform);
    expect(types).toContain(`${listed.name} SellerGreenListingEnded`);
    expect(types).not.toContain(`${proposed.name} SellerGreenListingEnded`);
    expect((await propose(over, '2026-12-31')).greenListing?.state).toBe(
      GreenListingState.PROPOSED,
    );
  });
});
