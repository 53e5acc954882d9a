/** Sellers between wire and domain. */
import type { MessageInitShape } from '@bufbuild/protobuf';
import {
  type ControllerSchema,
  type CreateSellerRequest,
  type GreenListingSchema,
  type RecordVerificationRequest,
  type SellerSchema,
  ControllerRole as WireControllerRole,
  VerificationDocumentKind as WireDocumentKind,
  GreenListingState as WireListingState,
  SellerKind as WireSellerKind,
  SellerState as WireSellerState,
} from '@lianbao/api/lianbao/party/v1/party_service_pb';
import { readDate, readEnum, readMoney, toDate, toMoney, toTimestamp } from '@lianbao/grpc';
import type { Caller } from '@lianbao/kernel';
import type { SellerGiven } from '../application/create-seller.ts';
import type { GreenListing } from '../domain/green-listing.ts';
import type { SellerName } from '../domain/names.ts';
import {
  type Controller,
  type ControllerRole,
  maskedName,
  type Seller,
  type SellerKind,
  type SellerState,
  stateOf,
} from '../domain/seller.ts';
import type { Verification, VerificationDocumentKind } from '../domain/verification.ts';
import { readDocument, toDocument } from './convert-document.ts';

const wireKinds: Readonly<Record<SellerKind, WireSellerKind>> = {
  COMPANY: WireSellerKind.COMPANY,
  INDIVIDUAL_BUSINESS: WireSellerKind.INDIVIDUAL_BUSINESS,
  NATURAL_PERSON: WireSellerKind.NATURAL_PERSON,
};

const wireStates: Readonly<Record<SellerState, WireSellerState>> = {
  REGISTERED: WireSellerState.REGISTERED,
  VERIFIED: WireSellerState.VERIFIED,
  BLOCKED: WireSellerState.BLOCKED,
};

const wireRoles: Readonly<Record<ControllerRole, WireControllerRole>> = {
  LEGAL_REPRESENTATIVE: WireControllerRole.LEGAL_REPRESENTATIVE,
  HOLDER: WireControllerRole.HOLDER,
  ACTUAL_CONTROLLER: WireControllerRole.ACTUAL_CONTROLLER,
};

const wireListingStates: Readonly<Record<GreenListing['state'], WireListingState>> = {
  PROPOSED: WireListingState.PROPOSED,
  APPROVED: WireListingState.APPROVED,
  ENDED: WireListingState.ENDED,
};

const wireDocumentKinds: Readonly<Record<VerificationDocumentKind, WireDocumentKind>> = {
  LICENCE: WireDocumentKind.LICENCE,
  OWNERS: WireDocumentKind.OWNERS,
  CONTROLLERS: WireDocumentKind.CONTROLLERS,
  NET_ASSETS: WireDocumentKind.NET_ASSETS,
};

// The patterns of names stand in the proto files and were checked before.
export const readSellerName = (name: string): SellerName => name as SellerName;

export const readSellerGiven = (request: CreateSellerRequest): SellerGiven => ({
  name: readSellerName(`${request.parent}/sellers/${request.sellerId}`),
  kind: readEnum(wireKinds, request.kind, 'kind'),
  legalName: request.legalName,
  identityNumber: request.identityNumber,
  regionCode: request.regionCode,
  tradeCategory: request.tradeCategory,
  externalReference: request.externalReference,
});

export const readVerification = (request: RecordVerificationRequest): Verification => ({
  documents: request.documents.map(({ kind, document }, index) => ({
    kind: readEnum(wireDocumentKinds, kind, `documents[${index}].kind`),
    document: readDocument(document, `documents[${index}].document`),
  })),
  controllers: request.controllers.map(({ role, identityNumber, holdingBps }, index) => ({
    role: readEnum(wireRoles, role, `controllers[${index}].role`),
    identityNumber,
    holdingBps,
  })),
  netAssets: readMoney(request.netAssets, 'net_assets'),
  netAssetsDate: readDate(request.netAssetsDate, 'net_assets_date'),
  verificationDate: readDate(request.verificationDate, 'verification_date'),
});

export const toSellerKind = (kind: SellerKind): WireSellerKind => wireKinds[kind];

export const toController = ({
  role,
  key,
  holdingBps,
}: Controller): MessageInitShape<typeof ControllerSchema> => ({
  role: wireRoles[role],
  key,
  holdingBps,
});

const toGreenListing = (listing: GreenListing): MessageInitShape<typeof GreenListingSchema> => ({
  state: wireListingStates[listing.state],
  until: toDate(listing.until),
  listDocument: toDocument(listing.listDocument),
  proposer: listing.proposer,
  approver: listing.approver ?? '',
});

/**
 * The seller as this caller may see it: its own platform sees the whole name. Not whole: without persons,
 * means and the ground of a block.
 */
export const toSellerFor =
  ({ kind }: Caller, isWhole = true) =>
  (seller: Seller): MessageInitShape<typeof SellerSchema> => {
    const { standing, greenListing, block } = seller;
    return {
      name: seller.name,
      uid: seller.uid,
      state: wireStates[stateOf(seller)],
      kind: wireKinds[seller.kind],
      legalName: kind === 'PLATFORM' ? seller.legalName : maskedName(seller.kind, seller.legalName),
      legalPersonKey: seller.legalPersonKey,
      ...(isWhole &&
        standing && {
          controllers: standing.controllers.map(toController),
          netAssets: toMoney(standing.netAssets),
          netAssetsDate: toDate(standing.netAssetsDate),
        }),
      ...(standing && { verifiedUntil: toDate(standing.verifiedUntil) }),
      regionCode: seller.regionCode,
      tradeCategory: seller.tradeCategory,
      ...(greenListing && { greenListing: toGreenListing(greenListing) }),
      externalReference: seller.externalReference,
      ...(isWhole && block && { blockReason: block.reason }),
      ...(block && { blockTime: toTimestamp(block.time) }),
      createTime: toTimestamp(seller.createTime),
      updateTime: toTimestamp(seller.updateTime),
      etag: String(seller.revision),
    };
  };
