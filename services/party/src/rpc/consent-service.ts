import type { ConsentService } from '@lianbao/api/lianbao/party/v1/party_service_pb';
import { actOf, type Handlers, readPage } from '@lianbao/grpc';
import type { Clock } from '@lianbao/kernel';
import type { createConsent } from '../application/create-consent.ts';
import type { withdrawConsent } from '../application/end-consent.ts';
import type { checkConsent, getConsent, listConsents } from '../application/read-consents.ts';
import {
  readConsentGiven,
  readConsentName,
  readQueries,
  toConsent,
  toVerdict,
} from './convert-consent.ts';
import { readLenderName } from './convert-partner.ts';
import { readSellerName } from './convert-seller.ts';

export interface ConsentUseCases {
  readonly createConsent: ReturnType<typeof createConsent>;
  readonly getConsent: ReturnType<typeof getConsent>;
  readonly listConsents: ReturnType<typeof listConsents>;
  readonly withdrawConsent: ReturnType<typeof withdrawConsent>;
  readonly checkConsent: ReturnType<typeof checkConsent>;
}

export const consentService = (
  useCases: ConsentUseCases,
  clock: Clock,
): Handlers<typeof ConsentService> => ({
  createConsent: (request, call) =>
    useCases.createConsent(actOf(call, request, toConsent), readConsentGiven(request)),

  getConsent: async ({ name }, { caller, method }) =>
    toConsent(await useCases.getConsent(caller, readConsentName(name), method)),

  listConsents: async (request, call) => {
    const page = readPage(call, request, clock());
    const seller = readSellerName(request.parent);
    const { items, next } = await useCases.listConsents(call.caller, seller, page);
    return {
      consents: items.map(toConsent),
      nextPageToken: next === undefined ? '' : page.nextToken(next),
    };
  },

  withdrawConsent: (request, call) =>
    useCases.withdrawConsent(actOf(call, request, toConsent), readConsentName(request.name)),

  checkConsent: async ({ seller, recipient, queries }, { caller }) => {
    const verdicts = await useCases.checkConsent(
      caller,
      readSellerName(seller),
      readLenderName(recipient),
      readQueries(queries),
    );
    return { verdicts: verdicts.map(toVerdict) };
  },
});
