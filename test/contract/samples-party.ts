/** Requests of party that succeed. */
import { randomUUID } from 'node:crypto';
import {
  ConsentForm,
  ConsentPurpose,
  ConsentService,
  ControllerRole,
  DataKind,
  EventFeedService,
  Licence,
  PartnerService,
  type Seller,
  SellerKind,
  SellerService,
  VerificationDocumentKind,
} from '@lianbao/api/lianbao/party/v1/party_service_pb';
import { toDate, toTimestamp } from '@lianbao/grpc';
import { addMonths, businessDayOf, sha256 } from '@lianbao/kernel';
import { lenderName, platformName, wholeYuan } from '../../deploy/local/src/set-up.ts';
import { consentNamesOf, sellerNameOf } from '../../deploy/local/src/steps/sellers.ts';
import { creditCodeOf } from '../../deploy/local/src/synthetic-identity.ts';
import { on, type Sampler } from './sample.ts';
import { bank, newCustomer, newSeller, operator, platform, service, type World } from './world.ts';

const requestId = () => randomUUID();
const firstIdentity = 700_000_000; // Past those of the set-up and of sellers.
const newIdentity = ({ next }: World) => creditCodeOf(firstIdentity + next());
const today = ({ system }: World) => toDate(businessDayOf(system.clock()));

const documentAt = (location: string) => ({
  location,
  sha256: sha256(location),
  mediaType: 'application/pdf',
  sizeBytes: 1_024n,
});

async function newPlatform(world: World): Promise<string> {
  const { name } = await world.system.market.operator('maker').partners.createPlatform({
    platformId: `p-${world.next()}`,
    displayName: 'Another market place',
    identityNumber: newIdentity(world),
    requestId: requestId(),
  });
  return name;
}

const etagOfLender = async ({ system }: World) => {
  const { partners } = system.market.bank(lenderName, 'banker', 'COMMITTEE');
  return (await partners.getLender({ name: lenderName })).etag;
};

const listing = async (world: World, act: 'whitelistPlatform' | 'delistPlatform') => {
  const { partners } = world.system.market.bank(lenderName, 'banker', 'COMMITTEE');
  const listed = await newPlatform(world);
  const request = async () => ({
    name: lenderName,
    platform: listed,
    etag: await etagOfLender(world),
    requestId: requestId(),
  });
  if (act === 'delistPlatform') await partners.whitelistPlatform(await request());
  const undo = act === 'delistPlatform' ? partners.whitelistPlatform : partners.delistPlatform;
  return {
    claims: bank,
    request: await request(),
    change: async () => undo(await request()),
  };
};

const blockOf = ({ name, etag }: Seller) => ({
  ...{
    name,
    etag,
    reason: 'A court order',
    document: documentAt('urn:order'),
    requestId: requestId(),
  },
});

const listingOf = (world: World, { name, etag }: Seller) => ({
  name,
  listDocument: documentAt('urn:list'),
  until: toDate(addMonths(businessDayOf(world.system.clock()), 12)),
  etag,
  requestId: requestId(),
});

const verificationOf = (world: World, name: string) => ({
  name,
  documents: [
    VerificationDocumentKind.LICENCE,
    VerificationDocumentKind.OWNERS,
    VerificationDocumentKind.CONTROLLERS,
    VerificationDocumentKind.NET_ASSETS,
  ].map((kind) => ({ kind, document: documentAt(`urn:${kind}`) })),
  controllers: [
    { role: ControllerRole.HOLDER, identityNumber: newIdentity(world), holdingBps: 10_000 },
  ],
  netAssets: wholeYuan(500_000n),
  netAssetsDate: today(world),
  verificationDate: today(world),
  requestId: requestId(),
});

function consentOf({ system }: World, parent: string) {
  const now = system.clock();
  const document = documentAt(`urn:consent:${parent}`);
  return {
    parent,
    consentId: 'extra',
    purpose: ConsentPurpose.SCORING,
    dataKinds: [DataKind.INVOICES],
    recipients: [lenderName],
    form: ConsentForm.SEPARATE,
    textVersion: '2026.1',
    expireTime: toTimestamp(new Date(now.getTime() + 86_400_000)),
    signature: {
      signatory: parent,
      document,
      provider: 'local-sign',
      certificateSerial: '0123456789abcdef',
      signedHash: document.sha256,
      identityCheck: 'FACE_AND_ID',
      signTime: toTimestamp(now),
    },
    requestId: requestId(),
  };
}

const { method: partner } = PartnerService;
const { method: seller } = SellerService;
const { method: consent } = ConsentService;

export const partySamples: readonly Sampler[] = [
  on(partner.createPlatform, (world) => ({
    claims: operator('maker'),
    request: {
      platformId: `p-${world.next()}`,
      displayName: 'A market place',
      identityNumber: newIdentity(world),
      requestId: requestId(),
    },
  })),
  on(partner.getPlatform, () => ({ claims: platform, request: { name: platformName } })),
  on(partner.listPlatforms, () => ({ claims: operator('reader'), request: { pageSize: 2 } })),
  on(partner.createLender, (world) => {
    const id = `l-${world.next()}`;
    const name = `lenders/${id}`;
    const change = async () => {
      const whitelisted = {
        ...{ name, platform: platformName, etag: '1', requestId: requestId() },
      };
      await world.system.market.bank(name, 'banker').partners.whitelistPlatform(whitelisted);
    };
    const request = {
      lenderId: id,
      displayName: 'A bank',
      identityNumber: newIdentity(world),
      licence: Licence.BANK,
      capital: wholeYuan(1_000_000_000n),
      capitalDate: today(world),
      requestId: requestId(),
    };
    return { claims: operator('maker'), request, change };
  }),
  on(partner.getLender, () => ({ claims: bank, request: { name: lenderName } })),
  on(partner.listLenders, () => ({ claims: operator('reader'), request: { pageSize: 2 } })),
  on(partner.whitelistPlatform, (world) => listing(world, 'whitelistPlatform')),
  on(partner.delistPlatform, (world) => listing(world, 'delistPlatform')),

  on(seller.createSeller, (world) => {
    const id = `s-${world.next()}`;
    const name = `${platformName}/sellers/${id}`;
    const { sellers } = world.system.market.operator('checker');
    const request = {
      parent: platformName,
      sellerId: id,
      kind: SellerKind.COMPANY,
      legalName: '合成贸易有限公司',
      identityNumber: newIdentity(world),
      regionCode: '330100',
      tradeCategory: 'F52',
      externalReference: id,
      requestId: requestId(),
    };
    return {
      claims: platform,
      request,
      change: () => sellers.recordVerification(verificationOf(world, name)),
    };
  }),
  on(seller.getSeller, async (world) => ({
    claims: platform,
    request: { name: (await newSeller(world)).name },
  })),
  on(seller.listSellers, () => ({
    claims: platform,
    request: { parent: platformName, pageSize: 2 },
  })),
  on(seller.recordVerification, async (world) => {
    const { name } = await newSeller(world);
    const { sellers } = world.system.market.operator('blocker');
    return {
      claims: operator('checker'),
      request: verificationOf(world, name),
      change: async () => sellers.blockSeller(await blockOf(await sellers.getSeller({ name }))),
    };
  }),
  on(seller.blockSeller, async (world) => {
    const known = await newSeller(world);
    const { name } = known;
    const { sellers } = world.system.market.operator('another');
    return {
      claims: operator('blocker'),
      request: await blockOf(known),
      change: async () => sellers.unblockSeller(await blockOf(await sellers.getSeller({ name }))),
    };
  }),
  on(seller.unblockSeller, async (world) => {
    const { sellers } = world.system.market.operator('blocker');
    const blocked = await sellers.blockSeller(await blockOf(await newSeller(world)));
    const { name } = blocked;
    return {
      claims: operator('another'),
      request: await blockOf(blocked),
      change: async () => sellers.blockSeller(await blockOf(await sellers.getSeller({ name }))),
    };
  }),
  on(seller.proposeGreenListing, async (world) => {
    const known = await newSeller(world);
    const { name } = known;
    const { sellers } = world.system.market.operator('approver');
    return {
      claims: operator('proposer'),
      request: listingOf(world, known),
      change: async () => {
        const { etag } = await sellers.getSeller({ name });
        await sellers.approveGreenListing({ name, etag, requestId: requestId() });
      },
    };
  }),
  on(seller.approveGreenListing, async (world) => {
    const { sellers } = world.system.market.operator('proposer');
    const { name, etag } = await sellers.proposeGreenListing(
      listingOf(world, await newSeller(world)),
    );
    return {
      claims: operator('approver'),
      request: { name, etag, requestId: requestId() },
      change: async () => sellers.recordVerification(verificationOf(world, name)),
    };
  }),

  on(consent.createConsent, async (world) => {
    const { name } = await newSeller(world);
    const { consents } = world.system.market.platform(platformName);
    return {
      claims: platform,
      request: consentOf(world, name),
      change: () =>
        consents.withdrawConsent({ name: `${name}/consents/extra`, requestId: requestId() }),
    };
  }),
  on(consent.getConsent, async (world) => {
    const [name] = consentNamesOf(await newCustomer(world)) as [string];
    return { claims: platform, request: { name } };
  }),
  on(consent.listConsents, async (world) => ({
    claims: platform,
    request: { parent: sellerNameOf(await newCustomer(world)) },
  })),
  // Nothing changes a consent that was withdrawn.
  on(consent.withdrawConsent, async (world) => {
    const [name] = consentNamesOf(await newCustomer(world)) as [string];
    return { claims: platform, request: { name, requestId: requestId() } };
  }),
  on(consent.checkConsent, async (world) => ({
    claims: service,
    request: {
      seller: sellerNameOf(await newCustomer(world)),
      recipient: lenderName,
      queries: [{ purpose: ConsentPurpose.SCORING, dataKinds: [DataKind.INVOICES] }],
    },
  })),

  on(EventFeedService.method.listEvents, () => ({ claims: platform, request: { pageSize: 2 } })),
];
