import type { SellerService } from '@lianbao/api/lianbao/party/v1/party_service_pb';
import { actOf, type Handlers, readDate, readPage } from '@lianbao/grpc';
import type { Clock } from '@lianbao/kernel';
import type { blockSeller, unblockSeller } from '../application/block-seller.ts';
import type { createSeller } from '../application/create-seller.ts';
import type { approveGreenListing, proposeGreenListing } from '../application/green-listing.ts';
import type { getSeller, listSellers } from '../application/read-sellers.ts';
import type { recordVerification } from '../application/record-verification.ts';
import { readDocument } from './convert-document.ts';
import { readPlatformName } from './convert-partner.ts';
import {
  readSellerGiven,
  readSellerName,
  readVerification,
  toSellerFor,
} from './convert-seller.ts';

export interface SellerUseCases {
  readonly createSeller: ReturnType<typeof createSeller>;
  readonly getSeller: ReturnType<typeof getSeller>;
  readonly listSellers: ReturnType<typeof listSellers>;
  readonly recordVerification: ReturnType<typeof recordVerification>;
  readonly blockSeller: ReturnType<typeof blockSeller>;
  readonly unblockSeller: ReturnType<typeof unblockSeller>;
  readonly proposeGreenListing: ReturnType<typeof proposeGreenListing>;
  readonly approveGreenListing: ReturnType<typeof approveGreenListing>;
}

export const sellerService = (
  useCases: SellerUseCases,
  clock: Clock,
): Handlers<typeof SellerService> => ({
  createSeller: (request, call) =>
    useCases.createSeller(actOf(call, request, toSellerFor(call.caller)), readSellerGiven(request)),

  getSeller: async ({ name }, { caller, method }) => {
    const { seller, isWhole } = await useCases.getSeller(caller, readSellerName(name), method);
    return toSellerFor(caller, isWhole)(seller);
  },

  listSellers: async (request, call) => {
    const page = readPage(call, request, clock());
    const parent = readPlatformName(request.parent);
    const { items, next } = await useCases.listSellers(call.caller, parent, page);
    return {
      sellers: items.map(toSellerFor(call.caller)),
      nextPageToken: next === undefined ? '' : page.nextToken(next),
    };
  },

  recordVerification: (request, call) =>
    useCases.recordVerification(
      actOf(call, request, toSellerFor(call.caller)),
      readSellerName(request.name),
      readVerification(request),
    ),

  blockSeller: (request, call) =>
    useCases.blockSeller(
      actOf(call, request, toSellerFor(call.caller)),
      readSellerName(request.name),
      { reason: request.reason, document: readDocument(request.document, 'document') },
    ),

  unblockSeller: (request, call) =>
    useCases.unblockSeller(
      actOf(call, request, toSellerFor(call.caller)),
      readSellerName(request.name),
      { reason: request.reason, document: readDocument(request.document, 'document') },
    ),

  proposeGreenListing: (request, call) =>
    useCases.proposeGreenListing(
      actOf(call, request, toSellerFor(call.caller)),
      readSellerName(request.name),
      {
        until: readDate(request.until, 'until'),
        listDocument: readDocument(request.listDocument, 'list_document'),
      },
    ),

  approveGreenListing: (request, call) =>
    useCases.approveGreenListing(
      actOf(call, request, toSellerFor(call.caller)),
      readSellerName(request.name),
    ),
});
