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
  signatureOf,
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

const check = async (
  seller: string,
  purpose: ConsentPurpose = ConsentPurpose.SCORING,
  ...dataKinds: DataKind[]
) => {
  const query = { purpose, dataKinds: dataKinds.length > 0 ? dataKinds : [DataKind.INVOICES] };
  const asked = { seller, recipient: lender, queries: [query] };
  const { verdicts } = await world.service().consents.checkConsent(asked);
  return verdicts[0];
};

describe('a consent', () => {
  it('is granted by the signed act of the seller, through its own platform', async () => {
    const given = await aGiven();
    const consent = await grant(given);
    expect(consent).toMatchObject({
      name: `${given.parent}/consents/${given.consentId}`,
      state: ConsentState.GRANTED,
      purpose: ConsentPurpose.SCORING,
      dataKinds: [DataKind.INVOICES],
      recipients: [lender],
      form: ConsentForm.GENERAL,
      textVersion: 'scoring-1',
      signature: { signatory: given.parent, provider: 'local-sign' },
      expireTime: given.expireTime,
      etag: '1',
    });
    const { name } = consent;
    for (const reader of [
      world.platform(platform),
      world.operator(),
      world.service(),
      world.bank(lender),
    ]) {
      expect(await reader.consents.getConsent({ name })).toEqual(consent);
      if (reader !== world.service()) {
        const { consents } = await reader.consents.listConsents({ parent: given.parent });
        expect(consents).toEqual([consent]);
      }
    }
  });

  it('to share with a lender is separate or written', async () => {
    const given = { ...(await aGiven()), purpose: ConsentPurpose.SHARE_WITH_LENDER };
    expect(await refusalOf(grant(given))).toMatchObject({
      reason: 'CONSENT_FORM_INVALID',
      kind: 'INVALID',
      facts: { purpose: 'SHARE_WITH_LENDER', form: 'GENERAL' },
    });
    for (const form of [ConsentForm.SEPARATE, ConsentForm.WRITTEN]) {
      const consentId = `form-${form}`;
      expect(await grant({ ...given, form, consentId, requestId: requestId() })).toMatchObject({
        form,
      });
    }
  });

  it('ends in the future, five years away at most', async () => {
    const given = await aGiven();
    const fiveYears = new Date('2031-11-25T02:00:00Z');
    const expiring = (end: Date) =>
      grant({ ...given, expireTime: timestampFromDate(end), requestId: requestId() });
    expect(await refusalOf(expiring(at(0)))).toMatchObject({
      violations: [{ field: 'expire_time', reason: 'expire_time.future' }],
    });
    expect(await refusalOf(expiring(new Date(fiveYears.getTime() + 1)))).toMatchObject({
      violations: [{ field: 'expire_time', reason: 'expire_time.max' }],
    });
    expect(await expiring(fiveYears)).toMatchObject({ state: ConsentState.GRANTED });
  });

  it.each([
    ['SIGNATORY', { signatory: 'platforms/p/sellers/another' }],
    ['SIGNED_HASH', { signedHash: '0'.repeat(64) }],
    ['PROVIDER', { provider: 'unknown-sign' }],
    ['SIGN_TIME', { signTime: () => at(1) }],
    ['SIGN_TIME', { signTime: () => at(-15 * minuteMs - 1) }],
  ])('needs a signature that counts: %s', async (failedCheck, change) => {
    const given = await aGiven();
    const signTime = 'signTime' in change ? change.signTime?.() : undefined;
    const signature = {
      ...given.signature,
      ...change,
      signTime: signTime === undefined ? given.signature.signTime : timestampFromDate(signTime),
    };
    expect(await refusalOf(grant({ ...given, signature }))).toMatchObject({
      reason: 'SIGNATURE_NOT_RELIABLE',
      facts: { signatory: given.parent, failedCheck },
    });
  });

  it('may be signed fifteen minutes before the call', async () => {
    const given = await aGiven();
    const signature = signatureOf(given.parent, at(-15 * minuteMs));
    expect(await grant({ ...given, signature })).toMatchObject({ state: ConsentState.GRANTED });
  });

  it('needs an identity check that is stated', async () => {
    const given = await aGiven();
    const signature = { ...given.signature, identityCheck: '' };
    expect(await refusalOf(grant({ ...given, signature }))).toMatchObject({
      violations: [{ field: 'signature.identity_check' }],
    });
  });

  it('has one name, a seller and recipients that exist', async () => {
    const given = await aGiven();
    const { name } = await grant(given);
    const again = { ...given, requestId: requestId() };
    expect(await refusalOf(grant(again))).toMatchObject({
      reason: 'NAME_TAKEN',
      facts: { existingName: name, sameContent: 'true' },
    });
    expect(await refusalOf(grant({ ...again, textVersion: 'scoring-2' }))).toMatchObject({
      facts: { sameContent: 'false' },
    });
    const parent = `${platform}/sellers/nowhere`;
    const orphan = { ...again, parent, signature: signatureOf(parent, world.clock.now()) };
    expect(await refusalOf(grant(orphan))).toMatchObject({
      reason: 'NAME_UNKNOWN',
      facts: { name: parent },
    });
    const unheard = { ...(await aGiven()), recipients: [lender, 'lenders/nowhere'] };
    expect(await refusalOf(grant(unheard))).toMatchObject({
      reason: 'NAME_UNKNOWN',
      facts: { name: 'lenders/nowhere' },
    });
  });

  it('is only checked, and not stored, on validate_only', async () => {
    const given = { ...(await aGiven()), validateOnly: true };
    const { name } = await grant(given);
    expect(await refusalOf(world.operator().consents.getConsent({ name }))).toMatchObject({
      reason: 'NAME_UNKNOWN',
    });
  });

  it('stays hidden from other platforms and from banks it does not name, there or not', async () => {
    const given = await aGiven();
    const { name } = await grant(given);
    const other = world.platform((await aPlatform(world)).name);
    const stranger = world.bank((await aLender(world, platform)).name);
    const gone = `${given.parent}/consents/nowhere`;
    for (const reader of [other, stranger]) {
      const [there, nowhere] = await refusalsOf(
        reader.consents.getConsent({ name }),
        reader.consents.getConsent({ name: gone }),
      );
      expect(there).toMatchObject({ reason: 'CALLER_NOT_ALLOWED' });
      expect(nowhere?.facts).toEqual(there?.facts);
    }
    for (const parent of [given.parent, `${platform}/sellers/nowhere`]) {
      const listed = await stranger.consents.listConsents({ parent });
      expect(listed.consents).toEqual([]);
    }
    const foreign = [
      other.consents.createConsent(given),
      other.consents.withdrawConsent({ name, requestId: requestId() }),
      other.consents.withdrawConsent({ name: gone, requestId: requestId() }),
      other.consents.listConsents({ parent: given.parent }),
      world.operator().consents.createConsent(given),
      world.bank(lender).consents.withdrawConsent({ name, requestId: requestId() }),
      world.service().consents.listConsents({ parent: given.parent }),
    ];
    for (const refused of await refusalsOf(...foreign)) {
      expect(refused).toMatchObject({ reason: 'CALLER_NOT_ALLOWED' });
    }
    const unknown = world
      .operator()
      .consents.listConsents({ parent: `${platform}/sellers/nowhere` });
    expect(await refusalOf(unknown)).toMatchObject({ reason: 'NAME_UNKNOWN' });
  });
});

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
