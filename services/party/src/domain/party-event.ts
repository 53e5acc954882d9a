/** What party says has happened. */
import type { Consent } from './consent.ts';
import type { PlatformName } from './names.ts';
import type { Lender, Platform } from './partner.ts';
import type { Seller } from './seller.ts';

export type PartnerEvent =
  | { readonly type: 'PlatformChanged'; readonly platform: Platform }
  | { readonly type: 'LenderChanged'; readonly lender: Lender }
  | {
      readonly type: 'WhitelistChanged';
      readonly lender: Lender;
      readonly platform: PlatformName;
      /** Put on the list, or taken off. */
      readonly listed: boolean;
    };

export type PartyEvent =
  | PartnerEvent
  | { readonly type: SellerEventType; readonly seller: Seller }
  | { readonly type: ConsentEventType; readonly consent: Consent };

export type SellerEventType =
  | 'SellerRegistered'
  | 'SellerVerified'
  | 'SellerBlocked'
  | 'SellerUnblocked'
  | 'SellerGreenListed'
  | 'SellerGreenListingEnded';

export type ConsentEventType = 'ConsentGranted' | 'ConsentWithdrawn' | 'ConsentExpired';
