import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import {
  ConsentForm,
  ConsentPurpose,
  ConsentState,
  DataKind,
} from '@lianbao/api/lianbao/party/v1/party_service_pb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
