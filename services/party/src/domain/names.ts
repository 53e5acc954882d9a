/** Names of what party owns; the wire's patterns were checked before one is made. */
import { type Brand, parentOf } from '@lianbao/kernel';

/** `platforms/{p}` */
export type PlatformName = Brand<'PlatformName'>;
/** `lenders/{l}` */
export type LenderName = Brand<'LenderName'>;
/** `platforms/{p}/sellers/{s}` */
export type SellerName = Brand<'SellerName'>;
/** `platforms/{p}/sellers/{s}/consents/{c}` */
export type ConsentName = Brand<'ConsentName'>;

export const platformOf = (seller: SellerName): PlatformName => parentOf(seller) as PlatformName;

export const sellerOf = (consent: ConsentName): SellerName => parentOf(consent) as SellerName;
