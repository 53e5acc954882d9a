/** Asks party by rpc; whatever keeps it from answering is DEPENDENCY_UNAVAILABLE. */
import {
  ConsentCause,
  ConsentPurpose,
  ConsentService,
  ConsentState,
  DataKind,
  GreenListingState,
  PartnerService,
  type Seller,
  SellerService,
  SellerState,
  type Consent as WireConsent,
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
import type { ConsentCause as Cause, Consent, ConsentNeed } from '../domain/consent.ts';
import { refusals } from '../domain/refusals.ts';
import type { SellerStanding } from '../domain/submission.ts';

const deadlineMs = 5_000;

/** What an application for a product on credit needs: a score from invoices, shown to the lender. */
const needs: readonly ConsentNeed[] = [
  { purpose: 'SCORING', dataKinds: 'INVOICES' },
  { purpose: 'SHARE_WITH_LENDER', dataKinds: 'SCORES' },
];

const purposes: Readonly<Record<ConsentNeed['purpose'], ConsentPurpose>> = {
  SCORING: ConsentPurpose.SCORING,
  SHARE_WITH_LENDER: ConsentPurpose.SHARE_WITH_LENDER,
};

const kinds: Readonly<Record<ConsentNeed['dataKinds'], DataKind>> = {
  INVOICES: DataKind.INVOICES,
  SCORES: DataKind.SCORES,
};

const causes: Readonly<Partial<Record<ConsentCause, Cause>>> = {
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
        const queries = needs.map(({ purpose, dataKinds }) => ({
          purpose: purposes[purpose],
          dataKinds: [kinds[dataKinds]],
        }));
        const request = { seller, recipient, queries };
        const { verdicts } = await of(tenant).consents.checkConsent(request, { signal });
        return needs.map((need, index) => {
          const verdict = verdicts[index];
          return {
            ...need,
            consent: verdict?.live ? verdict.consent : undefined,
            cause: (verdict && causes[verdict.cause]) ?? 'NONE',
          };
        });
      }),

    consent: (tenant, name, signal) =>
      ifThere(async () => consentOf(await of(tenant).consents.getConsent({ name }, { signal }))),

    lender: (tenant, name, signal) =>
      ifThere(async () => {
        const { capital, whitelist } = await of(tenant).partners.getLender({ name }, { signal });
        return { capitalFen: readMoney(capital, 'capital').minorUnits, whitelist };
      }),
  };
}

async function ifThere<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await answered(ask);
  } catch (error) {
    if (error instanceof Refusal && error.reason === 'NAME_UNKNOWN') return undefined;
    throw error;
  }
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

/** A state that this release does not know is no consent. */
const consentStates: Readonly<Partial<Record<ConsentState, Consent['state']>>> = {
  [ConsentState.GRANTED]: 'GRANTED',
  [ConsentState.EXPIRED]: 'EXPIRED',
};

const consentOf = ({
  state,
  purpose,
  dataKinds,
  recipients,
  expireTime,
}: WireConsent): Consent => ({
  state: consentStates[state] ?? 'WITHDRAWN',
  purpose: nameIn(purposes, purpose),
  dataKinds: dataKinds.flatMap((kind) => nameIn(kinds, kind) ?? []),
  recipients,
  expireTime: readTimestamp(expireTime, 'expire_time'),
});

/** Undefined for a value of a later release, which serves no need of this one. */
const nameIn = <Name extends string>(
  values: Readonly<Record<Name, number>>,
  value: number,
): Name | undefined => (Object.keys(values) as Name[]).find((name) => values[name] === value);

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
