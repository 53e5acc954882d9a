import { create, fromJson, toBinary } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { PolicyActivatedSchema } from '@lianbao/api/lianbao/approval/v1/approval_events_pb';
import { PolicyContentSchema } from '@lianbao/api/lianbao/approval/v1/policy_pb';
import {
  ControllerRole,
  SellerState,
  VerificationDocumentKind,
} from '@lianbao/api/lianbao/party/v1/party_service_pb';
import { policyZero } from '@lianbao/api/policy-0';
import { deliveryOf, recordOf, topicName } from '@lianbao/events';
import { resourceUid, type Tenant } from '@lianbao/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  aLender,
  aPlatform,
  aSeller,
  citizenNumber,
  consentGiven,
  creditCode,
  day,
  document,
  refusalOf,
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

const record = (act: ReturnType<typeof verificationOf>) =>
  world.operator().sellers.recordVerification(act);

const consent = (seller: string, lender: string) =>
  world.platform(platform).consents.createConsent(consentGiven(world, seller, lender));

const withdraw = (name: string) =>
  world.platform(platform).consents.withdrawConsent({ name, requestId: requestId() });

describe('a verification', () => {
  it('makes the seller VERIFIED for twelve months from the day of the check', async () => {
    const { name } = await aSeller(world, platform);
    const act = verificationOf(name);
    const seller = await record(act);
    expect(seller).toMatchObject({
      state: SellerState.VERIFIED,
      netAssets: { units: -2_500_000n },
      netAssetsDate: { year: 2026, month: 6, day: 30 },
      verifiedUntil: { year: 2027, month: 11, day: 24 },
      etag: '2',
    });
    expect(seller.controllers.map(({ role, holdingBps }) => [role, holdingBps])).toEqual([
      [ControllerRole.HOLDER, 6_000],
      [ControllerRole.LEGAL_REPRESENTATIVE, 0],
    ]);
  });

  it('keeps a controller by the key it has as a seller', async () => {
    const code = creditCode();
    const owner = await aSeller(world, platform, code);
    const { name } = await aSeller(world, platform);
    const holder = { role: ControllerRole.HOLDER, identityNumber: code, holdingBps: 10_000 };
    const seller = await record({ ...verificationOf(name), controllers: [holder] });
    expect(seller.controllers).toMatchObject([{ key: owner.legalPersonKey, holdingBps: 10_000 }]);
  });

  it('may be recorded by a bank that deals with the platform, and by no other', async () => {
    const { name } = await aSeller(world, platform);
    const lender = await aLender(world, platform);
    const stranger = await aLender(world);
    await consent(name, lender.name);
    await consent(name, stranger.name);
    const seller = await world.bank(lender.name).sellers.recordVerification(verificationOf(name));
    expect(seller.state).toBe(SellerState.VERIFIED);
    for (const whose of [name, `${platform}/sellers/nowhere`]) {
      const refused = world.bank(stranger.name).sellers.recordVerification(verificationOf(whose));
      expect(await refusalOf(refused)).toMatchObject({ reason: 'CALLER_NOT_ALLOWED' });
    }
    const own = world.platform(platform).sellers.recordVerification(verificationOf(name));
    expect(await refusalOf(own)).toMatchObject({ reason: 'CALLER_NOT_ALLOWED' });
  });

  it('may be recorded by a bank only while a consent of the seller names it', async () => {
    const { name } = await aSeller(world, platform);
    const lender = await aLender(world, platform);
    const verify = (whose: string) =>
      world.bank(lender.name).sellers.recordVerification(verificationOf(whose));
    const missing = { reason: 'CALLER_NOT_ALLOWED', facts: { cause: 'CONSENT_MISSING' } };
    expect(await refusalOf(verify(name))).toMatchObject(missing);
    expect(await refusalOf(verify(`${platform}/sellers/nowhere`))).toMatchObject(missing);
    const given = await consent(name, lender.name);
    expect((await verify(name)).netAssets).toMatchObject({ units: -2_500_000n });
    await withdraw(given.name);
    expect(await refusalOf(verify(name))).toMatchObject(missing);
  });

  it('and a block show a bank what they found only while a consent of the seller names it', async () => {
    const { name } = await aSeller(world, platform);
    const lender = await aLender(world, platform);
    const { etag } = await record(verificationOf(name));
    const block = { name, etag, reason: 'order 7', document: document(), requestId: requestId() };
    const whole = await world.operator().sellers.blockSeller(block);
    const read = () => world.bank(lender.name).sellers.getSeller({ name });
    const brief = {
      ...whole,
      ...{ controllers: [], netAssets: undefined, netAssetsDate: undefined, blockReason: '' },
    };
    expect(await read()).toEqual(brief);
    const given = await consent(name, lender.name);
    expect(await read()).toEqual(whole);
    expect(whole).toMatchObject({ blockReason: 'order 7', netAssets: { units: -2_500_000n } });
    await withdraw(given.name);
    expect(await read()).toEqual(brief);
    expect(await world.service().sellers.getSeller({ name })).toEqual(whole);
  });

  it('needs all four documents, each once', async () => {
    const { name } = await aSeller(world, platform);
    const act = verificationOf(name);
    const three = { ...act, documents: act.documents.slice(1) };
    expect(await refusalOf(record(three))).toMatchObject({
      reason: 'DOCUMENT_MISSING',
      facts: { documentKind: 'LICENCE' },
    });
    const again = { kind: VerificationDocumentKind.LICENCE, document: document('again') };
    const five = { ...act, documents: [...act.documents, again] };
    expect(await refusalOf(record(five))).toMatchObject({
      violations: [{ field: 'documents[4].kind', reason: 'documents.unique' }],
    });
  });

  it('names every fault at once, and no identity number', async () => {
    const { name } = await aSeller(world, platform);
    const wrong = `${citizenNumber().slice(0, 16)}00`;
    const refused = await refusalOf(
      record({
        ...verificationOf(name),
        controllers: [
          { role: ControllerRole.HOLDER, identityNumber: wrong, holdingBps: 9_999 },
          { role: ControllerRole.HOLDER, identityNumber: citizenNumber(), holdingBps: 2 },
        ],
        netAssetsDate: day('2025-11-24'),
        verificationDate: day('2026-11-26'),
      }),
    );
    expect(refused.violations.map(({ field, reason }) => [field, reason])).toEqual([
      ['controllers[0].identity_number', 'identity_number.neither'],
      ['controllers', 'controllers.holdings'],
      ['net_assets_date', 'net_assets_date.age'],
      ['verification_date', 'verification_date.past'],
    ]);
    expect(JSON.stringify(refused)).not.toContain(wrong);
  });

  it('refuses an unknown seller', async () => {
    const name = `${platform}/sellers/nowhere`;
    expect(await refusalOf(record(verificationOf(name)))).toMatchObject({
      reason: 'NAME_UNKNOWN',
      facts: { name },
    });
  });

  it('goes by the months of the policy in force, from its effective time on', async () => {
    await activatePolicy(3, new Date('2026-12-01T00:00:00Z'));
    const { name } = await aSeller(world, platform);
    const before = await record(verificationOf(name));
    expect(before.verifiedUntil).toMatchObject({ year: 2027, month: 11, day: 24 });
    world.clock.advance(7 * 86_400_000); // 2 December
    const after = { ...verificationOf(name), netAssetsDate: day('2026-09-02') };
    expect((await record(after)).verifiedUntil).toMatchObject({ year: 2027, month: 2, day: 24 });
    const old = { ...after, netAssetsDate: day('2026-09-01'), requestId: requestId() };
    expect(await refusalOf(record(old))).toMatchObject({
      violations: [{ reason: 'net_assets_date.age' }],
    });
    const { rows } = await world.admin.query(
      'select policy_version from verification order by number desc limit 2',
    );
    expect(rows).toEqual([
      { policy_version: 'policies/p/versions/v' },
      { policy_version: 'policy-0' },
    ]);
  });
});

/** Says what approval says when a policy is activated. */
async function activatePolicy(verificationMonthsMax: number, effectiveTime: Date): Promise<void> {
  const tenant = 'local' as Tenant;
  const version = 'policies/p/versions/v';
  const changed = { ...policyZero, party: { verificationMonthsMax } };
  const content = fromJson(PolicyContentSchema, JSON.parse(JSON.stringify(changed)));
  const message = create(PolicyActivatedSchema, {
    policyVersion: version,
    contentHash: 'f'.repeat(64),
    effectiveTime: timestampFromDate(effectiveTime),
    content,
  });
  const delivery = deliveryOf({
    tenant,
    topic: topicName('policy'),
    key: resourceUid(tenant, 'policies/p'),
    epoch: 0n,
    sequence: 1n,
    type: PolicyActivatedSchema.typeName,
    subject: version,
    time: world.clock.now(),
    correlationId: '',
    causationId: '',
    audience: [],
    traceparent: undefined,
    payload: toBinary(PolicyActivatedSchema, message),
  });
  await world.bus.send([recordOf(delivery)]);
}
