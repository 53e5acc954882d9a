import {
  ConsentCause,
  ConsentPurpose,
  ConsentService,
  DataKind,
  SellerService,
  SellerState,
} from '@lianbao/api/lianbao/party/v1/party_service_pb';
import { type Channel, clientOf, perTenant } from '@lianbao/grpc';
import { Refusal, type Tenant } from '@lianbao/kernel';
import type { ConsentUse, PartyPort } from '../application/ports.ts';
import type { ConsentFault } from '../domain/score-refusal.ts';

const deadlineMs = 3_000;

const purposes: Readonly<Record<ConsentUse['purpose'], ConsentPurpose>> = {
  SCORING: ConsentPurpose.SCORING,
  SHARE_WITH_LENDER: ConsentPurpose.SHARE_WITH_LENDER,
};

const kinds: Readonly<Record<ConsentUse['dataKind'], DataKind>> = {
  INVOICES: DataKind.INVOICES,
  SCORES: DataKind.SCORES,
};

/** A cause that this release does not know counts as none. */
const faults: Readonly<Record<number, ConsentFault>> = {
  [ConsentCause.WITHDRAWN]: 'WITHDRAWN',
  [ConsentCause.EXPIRED]: 'EXPIRED',
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
    };
  });
  return {
    sellerOf: async (tenant, name, signal) => {
      try {
        const { sellers } = of(tenant);
        const { state, legalPersonKey } = await sellers.getSeller({ name }, calling(signal));
        return { isBlocked: state === SellerState.BLOCKED, legalPersonKey };
      } catch (error) {
        if (error instanceof Refusal && error.reason === 'NAME_UNKNOWN') return undefined;
        throw error;
      }
    },
    consentFaults: async (tenant, uses, signal) => {
      const [first] = uses;
      if (first === undefined) return [];
      const { seller, lender: recipient } = first;
      const { verdicts } = await of(tenant).consents.checkConsent(
        {
          seller,
          recipient,
          queries: uses.map(({ purpose, dataKind }) => ({
            purpose: purposes[purpose],
            dataKinds: [kinds[dataKind]],
          })),
        },
        calling(signal),
      );
      return uses.map((_, at) =>
        verdicts[at]?.live === true ? undefined : (faults[verdicts[at]?.cause ?? 0] ?? 'NONE'),
      );
    },
  };
}

const calling = (signal: AbortSignal | undefined) => (signal === undefined ? {} : { signal });
