/** Asks party by rpc; whatever keeps it from answering is DEPENDENCY_UNAVAILABLE. */
import {
  ConsentCause,
  ConsentPurpose,
  ConsentService,
  DataKind,
  GreenListingState,
  PartnerService,
  type Seller,
  SellerService,
  SellerState,
} from '@lianbao/api/lianbao/party/v1/party_service_pb';
import {
  type Channel,
  clientOf,
  perTenant,
  readDate,
  readMoney,
  readTimestamp,
} from '@lianbao/grpc';
import { Refusal, type Tenant } from '@lianbao/kernel';
import type { PartyPort } from '../application/ports.ts';
import { refusals } from '../domain/refusals.ts';
import type { SellerStanding } from '../domain/submission.ts';

const deadlineMs = 5_000;

/** What an application for a product on credit needs: a score from invoices, shown to the lender. */
const consentQueries = [
  { purpose: ConsentPurpose.SCORING, dataKinds: [DataKind.INVOICES] },
  { purpose: ConsentPurpose.SHARE_WITH_LENDER, dataKinds: [DataKind.SCORES] },
];
const queryNames = [
  { purpose: 'SCORING', dataKinds: 'INVOICES' },
  { purpose: 'SHARE_WITH_LENDER', dataKinds: 'SCORES' },
];

const causes: Readonly<Partial<Record<ConsentCause, string>>> = {
  [ConsentCause.WITHDRAWN]: 'WITHDRAWN',
  [ConsentCause.EXPIRED]: 'EXPIRED',
};

const states: Readonly<Partial<Record<SellerState, SellerStanding['state']>>> = {
  [SellerState.VERIFIED]: 'VERIFIED',
  [SellerState.BLOCKED]: 'BLOCKED',
};

/** A token speaks for one tenant, so each tenant has clients of its own. */
export function partyClient(
  channel: Channel,
  token: (tenant: Tenant) => Promise<string>,
): PartyPort {
  const of = perTenant((tenant) => {
    const options = { token: () => token(tenant), deadlineMs };
    return {
      sellers: clientOf(channel, SellerService, options),
      consents: clientOf(channel, ConsentService, options),
      partners: clientOf(channel, PartnerService, options),
    };
  });
  return {
    seller: (tenant, name, signal) =>
      answered(async () => standingOf(await of(tenant).sellers.getSeller({ name }, { signal }))),

    consents: (tenant, seller, recipient, signal) =>
      answered(async () => {
        const request = { seller, recipient, queries: consentQueries };
        const { verdicts } = await of(tenant).consents.checkConsent(request, { signal });
        return queryNames.map((query, index) => {
          const verdict = verdicts[index];
          const cause = verdict && causes[verdict.cause];
          return { ...query, live: verdict?.live ?? false, cause: cause ?? 'NONE' };
        });
      }),

    lender: async (tenant, name, signal) => {
      try {
        return await answered(async () => {
          const { capital, whitelist } = await of(tenant).partners.getLender({ name }, { signal });
          return { capitalFen: readMoney(capital, 'capital').minorUnits, whitelist };
        });
      } catch (error) {
        if (error instanceof Refusal && error.reason === 'NAME_UNKNOWN') return undefined;
        throw error;
      }
    },
  };
}

/** That the thing is not there is an answer; every other failure is party's. */
async function answered<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Refusal && error.reason === 'NAME_UNKNOWN') throw error;
    const refusal = refusals.DEPENDENCY_UNAVAILABLE({ dependency: 'party' });
    refusal.cause = error;
    throw refusal;
  }
}

function standingOf(seller: Seller): SellerStanding {
  const { greenListing, verifiedUntil, blockTime } = seller;
  const listed = greenListing?.state === GreenListingState.APPROVED;
  return {
    state: states[seller.state] ?? 'REGISTERED',
    legalPersonKey: seller.legalPersonKey,
    controllerKeys: seller.controllers.map(({ key }) => key),
    verifiedUntil: verifiedUntil && readDate(verifiedUntil, 'verified_until'),
    blockTime: blockTime && readTimestamp(blockTime, 'block_time'),
    greenUntil: listed ? readDate(greenListing.until, 'green_listing.until') : undefined,
  };
}
