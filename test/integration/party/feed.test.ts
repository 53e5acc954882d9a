import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { StringValueSchema, timestampDate } from '@bufbuild/protobuf/wkt';
import {
  PartnerChangedSchema,
  WhitelistChangedSchema,
} from '@lianbao/api/lianbao/party/v1/party_events_pb';
import { deliveryOf, recordOf, topicName } from '@lianbao/events';
import { resourceUid, type Tenant } from '@lianbao/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import {
  aLender,
  aPlatform,
  aSeller,
  consentGiven,
  next,
  refusalOf,
  refusalsOf,
  requestId,
  verificationOf,
} from './cast.ts';
import { openWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const tenant = 'local' as Tenant;
const dayMs = 86_400_000;

/** What another service says of a subject to an audience. */
const heard = (subject: string, sequence: bigint, audience: readonly string[], text = 'x') =>
  recordOf(
    deliveryOf({
      tenant,
      topic: topicName('application'),
      key: resourceUid(tenant, subject),
      epoch: 0n,
      sequence,
      type: StringValueSchema.typeName,
      subject,
      time: world.clock.now(),
      correlationId: '',
      causationId: '',
      audience,
      traceparent: undefined,
      payload: toBinary(StringValueSchema, create(StringValueSchema, { value: text })),
    }),
  );

describe('the feed', () => {
  it('tells a partner what concerns it, whole and in order', async () => {
    const platform = await aPlatform(world);
    const lender = await aLender(world, platform.name);
    const seller = await aSeller(world, platform.name);
    await world.operator().sellers.recordVerification(verificationOf(seller.name));
    const consents = world.platform(platform.name).consents;
    const consent = await consents.createConsent(consentGiven(world, seller.name, lender.name));
    await world.settled();
    const { events, lastCursor } = await world.platform(platform.name).feed.listEvents({});
    const told = events.map(({ subject, sequence, event }) => [
      subject,
      sequence,
      event?.typeUrl.slice('type.googleapis.com/lianbao.party.v1.'.length),
    ]);
    expect(told.filter(([subject]) => subject === seller.name)).toEqual([
      [seller.name, 1n, 'SellerRegistered'],
      [seller.name, 2n, 'SellerVerified'],
    ]);
    expect(told).toContainEqual([platform.name, 1n, 'PartnerChanged']);
    expect(told).toContainEqual([lender.name, 2n, 'WhitelistChanged']);
    expect(told).toContainEqual([consent.name, 1n, 'ConsentGranted']);
    expect(told).toHaveLength(5);
    expect(lastCursor).toBe(events.at(-1)?.cursor);
    const [first] = events;
    expect(timestampDate(first?.time as never)).toEqual(world.clock.now());
    const changed = fromBinary(PartnerChangedSchema, first?.event?.value as Uint8Array);
    expect(changed.partner).toMatchObject({ case: 'platform', value: { name: platform.name } });
    const bank = await world.bank(lender.name).feed.listEvents({});
    expect(bank.events.map(({ sequence }) => sequence)).toEqual([1n, 2n]);
  });

  it('tells a platform of its own place on a list, and names no other', async () => {
    const [one, two] = [await aPlatform(world), await aPlatform(world)];
    const { name } = await aLender(world, one.name);
    const { partners, feed } = world.bank(name);
    const act = (etag: string, platform: string) => ({ name, platform, etag });
    await partners.whitelistPlatform({ ...act('2', two.name), requestId: requestId() });
    await partners.delistPlatform({ ...act('3', one.name), requestId: requestId() });
    await world.settled();
    const changesIn = async (of: typeof feed) =>
      (await of.listEvents({})).events
        .filter(({ event }) => event?.typeUrl.endsWith('WhitelistChanged'))
        .map(({ event }) => {
          const { lender, platform, listed } = fromBinary(
            WhitelistChangedSchema,
            event?.value as Uint8Array,
          );
          return [lender, platform, listed];
        });
    const [put, other, taken] = [
      [name, one.name, true],
      [name, two.name, true],
      [name, one.name, false],
    ];
    expect(await changesIn(world.platform(one.name).feed)).toEqual([put, taken]);
    expect(await changesIn(world.platform(two.name).feed)).toEqual([other]);
    expect(await changesIn(feed)).toEqual([put, other, taken]);
  });

  it('goes on after the cursor given, and stays there when nothing came', async () => {
    const { name } = await aPlatform(world);
    for (let count = 0; count < 4; count += 1) await aSeller(world, name);
    await world.settled();
    const { feed } = world.platform(name);
    const first = await feed.listEvents({ pageSize: 3 });
    const second = await feed.listEvents({ pageSize: 3, afterCursor: first.lastCursor });
    expect([first.events.length, second.events.length]).toEqual([3, 2]);
    const ids = [...first.events, ...second.events].map(({ eventId }) => eventId);
    expect(new Set(ids).size).toBe(5);
    const third = await feed.listEvents({ afterCursor: second.lastCursor });
    expect(third).toMatchObject({ events: [], lastCursor: second.lastCursor });
    const stranger = world.platform(`platforms/p-${next()}`);
    expect(await stranger.feed.listEvents({})).toMatchObject({ events: [], lastCursor: '' });
  });

  it.each(['0', '-1', '01', '1.0', 'abc', '99999', '999999999999999999', '9'.repeat(19)])(
    'refuses the cursor %s, which it never gave',
    async (afterCursor) => {
      const { name } = await aPlatform(world);
      await world.settled();
      const call = world.platform(name).feed.listEvents({ afterCursor });
      expect(await refusalOf(call)).toMatchObject({
        reason: 'FIELD_INVALID',
        violations: [{ field: 'after_cursor' }],
      });
    },
  );

  it('is for platforms and banks', async () => {
    const calls = [world.operator(), world.service()].map(({ feed }) => feed.listEvents({}));
    for (const refused of await refusalsOf(...calls)) {
      expect(refused).toMatchObject({ reason: 'CALLER_NOT_ALLOWED' });
    }
  });

  it('holds what other services say, once, to its audience and nobody else', async () => {
    const [one, two] = [`platforms/p-${next()}`, `platforms/p-${next()}`];
    const lender = `lenders/l-${next()}`;
    const subject = `${one}/applications/a`;
    const records = [
      heard(subject, 1n, [one, lender]),
      heard(subject, 2n, []),
      heard(subject, 3n, [lender]),
      heard(subject, 4n, [one, one]),
    ];
    await world.bus.send(records);
    await world.bus.send(records);
    const sequencesOf = async (feed: ReturnType<World['platform']>['feed']) =>
      (await feed.listEvents({})).events.map(({ cursor, sequence }) => [cursor, sequence]);
    expect(await sequencesOf(world.platform(one).feed)).toEqual([
      ['1', 1n],
      ['2', 4n],
    ]);
    expect(await sequencesOf(world.bank(lender).feed)).toEqual([
      ['1', 1n],
      ['2', 3n],
    ]);
    expect(await sequencesOf(world.platform(two).feed)).toEqual([]);
    expect(await sequencesOf(world.platform(one, 'other').feed)).toEqual([]);
  });

  it('gives cursors without a gap, in order per subject, while many batches come at once', async () => {
    const platform = `platforms/p-${next()}`;
    const subjects = Array.from({ length: 20 }, (_, index) => `${platform}/applications/a${index}`);
    for (let sequence = 1n; sequence <= 3n; sequence += 1n) {
      await Promise.all(
        subjects.map((subject) => world.bus.send([heard(subject, sequence, [platform])])),
      );
    }
    const { events } = await world.platform(platform).feed.listEvents({ pageSize: 500 });
    expect(events.map(({ cursor }) => cursor)).toEqual(
      Array.from({ length: 60 }, (_, index) => String(index + 1)),
    );
    for (const subject of subjects) {
      const ofSubject = events.filter((event) => event.subject === subject);
      expect(ofSubject.map(({ sequence }) => sequence)).toEqual([1n, 2n, 3n]);
    }
  });

  it('ends a page early when events are large, and never empty', async () => {
    const platform = `platforms/p-${next()}`;
    const subject = `${platform}/applications/a`;
    const large = 'x'.repeat(800_000);
    for (let sequence = 1n; sequence <= 5n; sequence += 1n) {
      await world.bus.send([heard(subject, sequence, [platform], large)]);
    }
    const { feed } = world.platform(platform);
    const first = await feed.listEvents({});
    const second = await feed.listEvents({ afterCursor: first.lastCursor });
    expect([first.events.length, second.events.length]).toEqual([3, 2]);
  });

  it('shows what an act has brought about, once, though the act was sent twice', async () => {
    const platform = await aPlatform(world);
    const lender = await aLender(world);
    const { partners, feed } = world.bank(lender.name);
    const act = { name: lender.name, platform: platform.name, etag: '1', requestId: requestId() };
    await partners.whitelistPlatform(act);
    await partners.whitelistPlatform(act);
    await world.settled();
    const { events } = await feed.listEvents({});
    expect(events.map(({ sequence }) => sequence)).toEqual([1n, 2n]);
  });
});

it('forgets events after ninety days, and goes on from a cursor before them', async () => {
  const aged = await openWorld();
  try {
    const platform = await aPlatform(aged);
    const { feed } = aged.platform(platform.name);
    await aged.settled();
    const created = await feed.listEvents({});
    expect(created.events).toHaveLength(1);
    aged.clock.advance(90 * dayMs);
    await aSeller(aged, platform.name);
    await aged.settled();
    expect((await feed.listEvents({})).events).toHaveLength(2); // Ninety days old to the millisecond.
    aged.clock.advance(dayMs);
    await eventually('the daily housekeeping', async () =>
      (await feed.listEvents({})).events.length === 1 ? true : undefined,
    );
    const left = await feed.listEvents({});
    expect(left.events.map(({ cursor }) => cursor)).toEqual(['2']);
    expect((await feed.listEvents({ afterCursor: created.lastCursor })).events).toEqual(
      left.events,
    );
    expect((await feed.listEvents({ afterCursor: left.lastCursor })).events).toEqual([]);
  } finally {
    await aged.close();
  }
});
