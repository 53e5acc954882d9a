/** An application rests on the consents that it names, as party itself knows them. */
import { randomUUID } from 'node:crypto';
import { ApplicationState } from '@lianbao/api/lianbao/approval/v1/approval_service_pb';
import {
  type Consent,
  ConsentForm,
  ConsentPurpose,
  DataKind,
} from '@lianbao/api/lianbao/party/v1/party_service_pb';
import { toTimestamp } from '@lianbao/grpc';
import { addMonths, businessDayOf, sha256, startOfBusinessDay } from '@lianbao/kernel';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { signatureProviders } from '../../deploy/local/src/local-tenant.ts';
import { lenderName, platformName } from '../../deploy/local/src/set-up.ts';
import { consentNamesOf, sellerNameOf } from '../../deploy/local/src/steps/sellers.ts';
import { applicationOf, newCustomer, startWorld, type World, whenLeft } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld({ withModel: false });
});
afterAll(() => world?.system.stop());

const ofPlatform = () => world.system.market.platform(platformName);

/** To be scored by the lender, for so many months. */
function giveConsent(seller: string, consentId: string, months: number): Promise<Consent> {
  const now = world.system.clock();
  const hash = sha256(`${seller} ${consentId}`);
  const document = {
    ...{ location: `urn:${consentId}`, sha256: hash },
    ...{ mediaType: 'application/pdf', sizeBytes: 1_024n },
  };
  return ofPlatform().consents.createConsent({
    parent: seller,
    consentId,
    purpose: ConsentPurpose.SCORING,
    dataKinds: [DataKind.INVOICES],
    recipients: [lenderName],
    form: ConsentForm.SEPARATE,
    textVersion: '2020-01',
    expireTime: toTimestamp(startOfBusinessDay(addMonths(businessDayOf(now), months))),
    signature: {
      signatory: seller,
      document,
      provider: signatureProviders[0],
      certificateSerial: '0000000000000001',
      signedHash: hash,
      identityCheck: 'SYNTHETIC',
      signTime: toTimestamp(now),
    },
    requestId: randomUUID(),
  });
}

/** Draws up an application that names these consents, and submits it. */
async function submitNaming(
  firm: Awaited<ReturnType<typeof newCustomer>>,
  consents: readonly string[],
) {
  const { applications } = ofPlatform();
  const draft = { ...applicationOf(world, firm), consents: [...consents] };
  const { name, etag } = await applications.createApplication(draft);
  return applications.submitApplication({ name, etag, requestId: randomUUID() });
}

const missing = (cause: string) => ({
  reason: 'CONSENT_MISSING',
  domain: 'party.lianbao',
  facts: { purpose: 'SCORING', dataKinds: 'INVOICES', cause },
});

it('refuses an application that names none, though the seller gave one', async () => {
  const firm = await newCustomer(world);
  const [, share = ''] = consentNamesOf(firm);
  const foreign = await giveConsent(sellerNameOf(await newCustomer(world)), 'other', 24);
  await expect(submitNaming(firm, [share])).rejects.toMatchObject(missing('NONE'));
  await expect(submitNaming(firm, [share, foreign.name])).rejects.toMatchObject({
    reason: 'FIELD_INVALID',
  });
  const nobodys = `${sellerNameOf(firm)}/consents/nobodys`;
  await expect(submitNaming(firm, [share, nobodys])).rejects.toMatchObject(missing('NONE'));
});

it('takes the one that it names beside one that lasts longer, until that one is withdrawn', async () => {
  const firm = await newCustomer(world);
  const [scoring = '', share = ''] = consentNamesOf(firm);
  const { name: longer } = await giveConsent(sellerNameOf(firm), 'longer', 24);
  const first = await submitNaming(firm, [scoring, share]);
  expect(first.state).toBe(ApplicationState.SUBMITTED);
  const { name, etag } = await whenLeft(world, first.name, ApplicationState.SUBMITTED);
  await ofPlatform().applications.withdrawApplication({ name, etag, requestId: randomUUID() });
  await ofPlatform().consents.withdrawConsent({ name: scoring, requestId: randomUUID() });
  await expect(submitNaming(firm, [scoring, share])).rejects.toMatchObject(missing('WITHDRAWN'));
  expect((await submitNaming(firm, [longer, share])).state).toBe(ApplicationState.SUBMITTED);
});
