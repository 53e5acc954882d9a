import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import {
  ConsentCause,
  ConsentForm,
  ConsentPurpose,
  ConsentState,
  DataKind,
} from '@lianbao/api/lianbao/party/v1/party_service_pb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import {
  aLender,
  aPlatform,
  aSeller,
  consentGiven,
  refusalOf,
  refusalsOf,
  requestId,
} from './cast.ts';
import { openWorld, type World } from './world.ts';

let world: World;
let platform: string;
let lender: string;
beforeAll(async () => {
  world = await openWorld();
  platform = (await aPlatform(world)).name;
  lender = (await aLender(world, platform)).name;
});
afterAll(() => world.close());

const aGiven = async () => consentGiven(world, (await aSeller(world, platform)).name, lender);

const grant = (given: ReturnType<typeof consentGiven>) =>
  world.platform(platform).consents.createConsent(given);

const at = (offsetMs: number) => new Date(world.clock.now().getTime() + offsetMs);
const minuteMs = 60_000;

const check = async (seller: string) => {
  const queries = [{ purpose: ConsentPurpose.SCORING, dataKinds: [DataKind.INVOICES] }];
  const asked = { seller, recipient: lender, queries };
  const { verdicts } = await world.service().consents.checkConsent(asked);
  return verdicts[0];
};

describe('withdrawing', () => {
  it('is never refused, stops use at once and is the same the second time', async () => {
    const given = await aGiven();
    const { name } = await grant(given);
    expect(await check(given.parent)).toMatchObject({ live: true, consent: name });
    const { consents } = world.platform(platform);
    const withdrawn = await consents.withdrawConsent({ name, requestId: requestId() });
    expect(withdrawn).toMatchObject({ state: ConsentState.WITHDRAWN, etag: '2' });
    expect(withdrawn.withdrawTime).toEqual(timestampFromDate(world.clock.now()));
    expect(await check(given.parent)).toMatchObject({
      live: false,
      cause: ConsentCause.WITHDRAWN,
    });
    world.clock.advance(minuteMs);
    const again = await consents.withdrawConsent({ name, requestId: requestId() });
    expect(again).toEqual(withdrawn);
  });

  it('needs a consent that exists', async () => {
    const name = `${platform}/sellers/s/consents/nowhere`;
    const { consents } = world.platform(platform);
    const call = consents.withdrawConsent({ name, requestId: requestId() });
    expect(await refusalOf(call)).toMatchObject({ reason: 'NAME_UNKNOWN', facts: { name } });
  });

  it('is done once when two want it at once, and no check that begins later says live', async () => {
    const given = await aGiven();
    const { name } = await grant(given);
    const { consents } = world.platform(platform);
    const withdrawals = [1, 2, 3].map(async () => {
      const consent = await consents.withdrawConsent({ name, requestId: requestId() });
      return { consent, after: await check(given.parent) };
    });
    const during = [1, 2, 3].map(() => check(given.parent));
    for (const { consent, after } of await Promise.all(withdrawals)) {
      expect(consent).toMatchObject({ state: ConsentState.WITHDRAWN, etag: '2' });
      expect(after?.live).toBe(false);
    }
    for (const verdict of await Promise.all(during)) {
      expect(verdict?.live ? verdict.consent : verdict?.cause).toBe(
        verdict?.live ? name : ConsentCause.WITHDRAWN,
      );
    }
  });
});

describe('expiry', () => {
  it('ends use at the very moment, and the consent soon after', async () => {
    const given = { ...(await aGiven()), expireTime: timestampFromDate(at(10 * minuteMs)) };
    const { name } = await grant(given);
    world.clock.advance(10 * minuteMs - 1);
    expect(await check(given.parent)).toMatchObject({ live: true });
    world.clock.advance(1);
    expect(await check(given.parent)).toMatchObject({ live: false, cause: ConsentCause.EXPIRED });
    const expired = await eventually('the consent has expired', async () => {
      const consent = await world.operator().consents.getConsent({ name });
      return consent.state === ConsentState.EXPIRED ? consent : undefined;
    });
    expect(expired).toMatchObject({ etag: '2' });
    const { consents } = world.platform(platform);
    const still = await consents.withdrawConsent({ name, requestId: requestId() });
    expect(still).toEqual(expired);
    await world.settled();
    const { events } = await world.platform(platform).feed.listEvents({ pageSize: 500 });
    const told = events.filter(({ subject }) => subject === name);
    expect(told.map(({ event }) => event?.typeUrl.split('.').at(-1))).toEqual([
      'ConsentGranted',
      'ConsentExpired',
    ]);
  });

  it('finds nothing left to end after a withdrawal', async () => {
    const given = { ...(await aGiven()), expireTime: timestampFromDate(at(minuteMs)) };
    const { name } = await grant(given);
    await world.platform(platform).consents.withdrawConsent({ name, requestId: requestId() });
    const { rows } = await world.admin.query(
      `select 1 from timer where kind = 'CONSENT_EXPIRY' and subject = $1`,
      [name],
    );
    expect(rows).toEqual([]);
  });
});

describe('a check', () => {
  it('answers each query in its order', async () => {
    const { name: seller } = await aSeller(world, platform);
    const scoring = await grant(consentGiven(world, seller, lender));
    const both = [DataKind.INVOICES, DataKind.SCORES];
    const sharing = await grant({
      ...consentGiven(world, seller, lender),
      purpose: ConsentPurpose.SHARE_WITH_LENDER,
      form: ConsentForm.SEPARATE,
      dataKinds: both,
    });
    const { verdicts } = await world.service().consents.checkConsent({
      seller,
      recipient: lender,
      queries: [
        { purpose: ConsentPurpose.SHARE_WITH_LENDER, dataKinds: [DataKind.SCORES] },
        { purpose: ConsentPurpose.SCORING, dataKinds: both },
        { purpose: ConsentPurpose.SCORING, dataKinds: [DataKind.INVOICES] },
        { purpose: ConsentPurpose.SHARE_WITH_LENDER, dataKinds: both },
      ],
    });
    expect(verdicts).toMatchObject([
      { live: true, consent: sharing.name, expireTime: sharing.expireTime },
      { live: false, consent: '', cause: ConsentCause.NONE },
      { live: true, consent: scoring.name },
      { live: true, consent: sharing.name },
    ]);
  });

  it('takes the live one that lasts longest, and the newest to say why none is live', async () => {
    const { name: seller } = await aSeller(world, platform);
    const lasting = (ms: number) =>
      grant({ ...consentGiven(world, seller, lender), expireTime: timestampFromDate(at(ms)) });
    const long = await lasting(60 * minuteMs);
    world.clock.advance(1_000);
    const short = await lasting(10 * minuteMs);
    expect(await check(seller)).toMatchObject({ live: true, consent: long.name });
    const { consents } = world.platform(platform);
    await consents.withdrawConsent({ name: long.name, requestId: requestId() });
    expect(await check(seller)).toMatchObject({ live: true, consent: short.name });
    world.clock.advance(10 * minuteMs);
    expect(await check(seller)).toMatchObject({ live: false, cause: ConsentCause.EXPIRED });
  });

  it('knows no consent of another recipient, nor of a seller that is not there', async () => {
    const given = await aGiven();
    const other = (await aLender(world)).name;
    await grant({ ...given, recipients: [other] });
    for (const seller of [given.parent, `${platform}/sellers/nowhere`]) {
      expect(await check(seller)).toMatchObject({ live: false, cause: ConsentCause.NONE });
    }
  });

  it('is made by services for anyone, by a bank for itself, by nobody else', async () => {
    const given = await aGiven();
    await grant(given);
    const queries = [{ purpose: ConsentPurpose.SCORING, dataKinds: [DataKind.INVOICES] }];
    const asked = { seller: given.parent, recipient: lender, queries };
    const { verdicts } = await world.bank(lender).consents.checkConsent(asked);
    expect(verdicts).toMatchObject([{ live: true }]);
    const stranger = world.bank((await aLender(world)).name);
    for (const refused of await refusalsOf(
      stranger.consents.checkConsent(asked),
      world.platform(platform).consents.checkConsent(asked),
      world.operator().consents.checkConsent(asked),
    )) {
      expect(refused).toMatchObject({ reason: 'CALLER_NOT_ALLOWED' });
    }
  });
});
