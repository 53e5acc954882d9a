/** What party says: the domain's events on their topics, each to the partners it concerns. No personal data. */
import type { DescMessage, MessageInitShape } from '@bufbuild/protobuf';
import {
  ConsentExpiredSchema,
  ConsentGrantedSchema,
  ConsentWithdrawnSchema,
  PartnerChangedSchema,
  SellerBlockedSchema,
  SellerGreenListedSchema,
  SellerGreenListingEndedSchema,
  SellerRegisteredSchema,
  SellerUnblockedSchema,
  SellerVerifiedSchema,
  WhitelistChangedSchema,
} from '@lianbao/api/lianbao/party/v1/party_events_pb';
import { type Outgoing, topicName } from '@lianbao/events';
import { toDate, toMoney, toTimestamp } from '@lianbao/grpc';
import type { Json } from '@lianbao/kernel';
import type { Consent } from '../domain/consent.ts';
import { platformOf } from '../domain/names.ts';
import type {
  ConsentEventType,
  PartnerEvent,
  PartyEvent,
  SellerEventType,
} from '../domain/party-event.ts';
import { type Seller, stateOf } from '../domain/seller.ts';
import { toDataKind, toPurpose } from '../rpc/convert-consent.ts';
import { toLender, toPlatform } from '../rpc/convert-partner.ts';
import { toController, toSellerKind } from '../rpc/convert-seller.ts';

interface Said<D extends DescMessage> {
  readonly schema: D;
  readonly message: MessageInitShape<D>;
}

const said = <D extends DescMessage>(schema: D, message: MessageInitShape<D>): Said<D> => ({
  schema,
  message,
});

// biome-ignore lint/suspicious/noExplicitAny: events of several types, each checked where it is made.
type AnySaid = Said<any>;

const ofSeller: Readonly<Record<SellerEventType, (seller: Seller) => AnySaid>> = {
  SellerRegistered: ({ name: seller, kind, legalPersonKey, regionCode, tradeCategory }) =>
    said(SellerRegisteredSchema, {
      seller,
      kind: toSellerKind(kind),
      legalPersonKey,
      regionCode,
      tradeCategory,
    }),
  SellerVerified: ({ name: seller, legalPersonKey, standing }) =>
    said(SellerVerifiedSchema, {
      seller,
      legalPersonKey,
      ...(standing && {
        controllers: standing.controllers.map(toController),
        netAssets: toMoney(standing.netAssets),
        netAssetsDate: toDate(standing.netAssetsDate),
        verifiedUntil: toDate(standing.verifiedUntil),
      }),
    }),
  SellerBlocked: ({ name: seller, legalPersonKey, block }) =>
    said(SellerBlockedSchema, { seller, legalPersonKey, reason: block?.reason ?? '' }),
  SellerUnblocked: ({ name: seller, legalPersonKey }) =>
    said(SellerUnblockedSchema, { seller, legalPersonKey }),
  SellerGreenListed: ({ name: seller, greenListing }) =>
    said(SellerGreenListedSchema, {
      seller,
      ...(greenListing && { until: toDate(greenListing.until) }),
    }),
  SellerGreenListingEnded: ({ name: seller }) => said(SellerGreenListingEndedSchema, { seller }),
};

const ofConsent: Readonly<Record<ConsentEventType, (consent: Consent) => AnySaid>> = {
  ConsentGranted: ({ name: consent, seller, purpose, dataKinds, recipients, expireTime }) =>
    said(ConsentGrantedSchema, {
      consent,
      seller,
      purpose: toPurpose(purpose),
      dataKinds: dataKinds.map(toDataKind),
      recipients: [...recipients],
      expireTime: toTimestamp(expireTime),
    }),
  ConsentWithdrawn: ({ name: consent, seller, withdrawTime }) =>
    said(ConsentWithdrawnSchema, {
      consent,
      seller,
      ...(withdrawTime && { withdrawTime: toTimestamp(withdrawTime) }),
    }),
  ConsentExpired: ({ name: consent, seller }) => said(ConsentExpiredSchema, { consent, seller }),
};

/** Where the event goes and who may see it. */
// biome-ignore lint/suspicious/noExplicitAny: as above.
export function outgoing(event: PartyEvent): Outgoing<any> {
  if ('consent' in event) {
    const { uid, name, seller } = event.consent;
    const to = { topic: topicName('consent'), key: uid, subject: name };
    return { ...to, ...ofConsent[event.type](event.consent), audience: [platformOf(seller)] };
  }
  if ('seller' in event) {
    const { uid, name, platform } = event.seller;
    const to = { topic: topicName('seller'), key: uid, subject: name };
    return { ...to, ...ofSeller[event.type](event.seller), audience: [platform] };
  }
  return outgoingOfPartner(event);
}

// biome-ignore lint/suspicious/noExplicitAny: as above.
function outgoingOfPartner(event: PartnerEvent): Outgoing<any> {
  const topic = topicName('partner');
  switch (event.type) {
    case 'PlatformChanged': {
      const { uid: key, name: subject } = event.platform;
      const partner = { case: 'platform', value: toPlatform(event.platform) } as const;
      const audience = [subject];
      return { topic, key, subject, ...said(PartnerChangedSchema, { partner }), audience };
    }
    case 'LenderChanged': {
      const { uid: key, name: subject } = event.lender;
      const partner = { case: 'lender', value: toLender(event.lender) } as const;
      const audience = [subject];
      return { topic, key, subject, ...said(PartnerChangedSchema, { partner }), audience };
    }
    case 'WhitelistChanged': {
      const { uid: key, name: subject } = event.lender;
      const { platform, listed } = event;
      const message = { lender: subject, platform, listed };
      const audience = [subject, platform];
      return { topic, key, subject, ...said(WhitelistChangedSchema, message), audience };
    }
  }
}

/** What of a seller is hashed into the audit row of a change that is no event: nothing personal. */
export const auditContent = (seller: Seller): Json => ({
  name: seller.name,
  state: stateOf(seller),
  revision: String(seller.revision),
  greenListing: seller.greenListing
    ? {
        state: seller.greenListing.state,
        until: seller.greenListing.until,
        listDocument: seller.greenListing.listDocument.sha256,
        proposer: seller.greenListing.proposer,
      }
    : null,
});
