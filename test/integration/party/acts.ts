/** One sound request for every act of party that a request id makes recognisable. */
import { Licence } from '@lianbao/api/lianbao/party/v1/party_service_pb';
import type { CallOptions } from '@lianbao/grpc';
import {
  aLender,
  aPlatform,
  aSeller,
  cny,
  consentGiven,
  creditCode,
  day,
  document,
  next,
  requestId,
  sellerGiven,
  verificationOf,
} from './cast.ts';
import type { World } from './world.ts';

/** What the answers of all acts have in common. */
export interface Named {
  readonly name: string;
  readonly uid: string;
  readonly etag: string;
}

export interface Prepared {
  readonly send: (change?: object, options?: CallOptions) => Promise<Named>;
  readonly request: object;
  readonly requestId: string;
  /** A change of the body that leaves it sound. */
  readonly change: object;
  readonly table: 'platform' | 'lender' | 'seller' | 'consent';
}

type Call<Request> = (request: Request, options?: CallOptions) => Promise<Named>;

const prepared = <Request extends { readonly requestId: string }>(
  table: Prepared['table'],
  call: Call<Request>,
  request: Request,
  change: Partial<Request>,
): Prepared => ({
  request,
  // Async, so that what the client cannot even encode is a rejection too.
  send: async (changed = {}, options = {}) => call({ ...request, ...changed }, options),
  requestId: request.requestId,
  change,
  table,
});

const ground = ({ name, etag }: Named) => ({
  name,
  etag,
  reason: 'fraud under investigation',
  document: document('order'),
  requestId: requestId(),
});

const proposal = ({ name, etag }: Named) => ({
  name,
  etag,
  listDocument: document('official list'),
  until: day('2026-12-31'),
  requestId: requestId(),
});

const sellerOn = async (world: World) => aSeller(world, (await aPlatform(world)).name);

export const acts: Readonly<Record<string, (world: World) => Promise<Prepared>>> = {
  CreatePlatform: async (world) =>
    prepared(
      'platform',
      world.operator().partners.createPlatform,
      {
        platformId: `p-${next()}`,
        displayName: 'Synthetic Platform',
        identityNumber: creditCode(),
        requestId: requestId(),
      },
      { displayName: 'Another' },
    ),
  CreateLender: async (world) =>
    prepared(
      'lender',
      world.operator().partners.createLender,
      {
        lenderId: `l-${next()}`,
        displayName: 'Synthetic Bank',
        identityNumber: creditCode(),
        licence: Licence.BANK,
        capital: cny(1_000_000_000n),
        capitalDate: day('2026-06-30'),
        requestId: requestId(),
      },
      { capital: cny(2_000_000_000n) },
    ),
  WhitelistPlatform: async (world) => {
    const [platform, other] = [await aPlatform(world), await aPlatform(world)];
    const { name, etag } = await aLender(world);
    const request = { name, etag, platform: platform.name, requestId: requestId() };
    const { partners } = world.bank(name);
    return prepared('lender', partners.whitelistPlatform, request, { platform: other.name });
  },
  DelistPlatform: async (world) => {
    const [platform, other] = [await aPlatform(world), await aPlatform(world)];
    const { name, etag } = await aLender(world, platform.name, other.name);
    const request = { name, etag, platform: platform.name, requestId: requestId() };
    const { partners } = world.bank(name);
    return prepared('lender', partners.delistPlatform, request, { platform: other.name });
  },
  CreateSeller: async (world) => {
    const platform = await aPlatform(world);
    const request = { ...sellerGiven(platform.name), requestId: requestId() };
    const { sellers } = world.platform(platform.name);
    return prepared('seller', sellers.createSeller, request, { regionCode: '330110' });
  },
  RecordVerification: async (world) => {
    const request = verificationOf((await sellerOn(world)).name);
    const change = { netAssets: cny(1n) };
    return prepared('seller', world.operator().sellers.recordVerification, request, change);
  },
  BlockSeller: async (world) =>
    prepared('seller', world.operator().sellers.blockSeller, ground(await sellerOn(world)), {
      reason: 'another reason',
    }),
  UnblockSeller: async (world) => {
    const blocked = await world.operator().sellers.blockSeller(ground(await sellerOn(world)));
    const { sellers } = world.operator('Ops Two');
    return prepared('seller', sellers.unblockSeller, ground(blocked), { reason: 'another reason' });
  },
  ProposeGreenListing: async (world) => {
    const request = proposal(await sellerOn(world));
    const change = { until: day('2027-01-31') };
    return prepared('seller', world.operator().sellers.proposeGreenListing, request, change);
  },
  ApproveGreenListing: async (world) => {
    const { sellers } = world.operator();
    const { name, etag } = await sellers.proposeGreenListing(proposal(await sellerOn(world)));
    const request = { name, etag, requestId: requestId() };
    const call = world.operator('Ops Two').sellers.approveGreenListing;
    return prepared('seller', call, request, { etag: '7' });
  },
  CreateConsent: async (world) => {
    const platform = (await aPlatform(world)).name;
    const seller = await aSeller(world, platform);
    const lender = await aLender(world, platform);
    const request = consentGiven(world, seller.name, lender.name);
    const { consents } = world.platform(platform);
    return prepared('consent', consents.createConsent, request, { textVersion: 'scoring-2' });
  },
  WithdrawConsent: async (world) => {
    const platform = (await aPlatform(world)).name;
    const seller = await aSeller(world, platform);
    const lender = await aLender(world, platform);
    const { consents } = world.platform(platform);
    const { name } = await consents.createConsent(consentGiven(world, seller.name, lender.name));
    const other = await consents.createConsent(consentGiven(world, seller.name, lender.name));
    const request = { name, requestId: requestId() };
    return prepared('consent', consents.withdrawConsent, request, { name: other.name });
  },
};
