/** A seller's row as pg gives it, the live block of its legal person joined. */
import { type CalendarDate, fen, type Tenant, type Uid } from '@lianbao/kernel';
import { type KeyRing, seal, unseal } from '@lianbao/persistence';
import type { GreenListing } from '../domain/green-listing.ts';
import type { PlatformName, SellerName } from '../domain/names.ts';
import type { Block, Controller, Seller, SellerKind, Standing } from '../domain/seller.ts';
import { type DocumentColumn, documentOf } from './columns.ts';

export interface SellerRow {
  readonly uid: Uid;
  readonly name: SellerName;
  readonly platform: PlatformName;
  readonly kind: SellerKind;
  readonly legal_name_sealed: Buffer;
  readonly legal_person_key: string;
  readonly region_code: string;
  readonly trade_category: string;
  readonly external_reference: string;
  readonly controllers: readonly Controller[];
  readonly net_assets_fen: string | null;
  readonly net_assets_date: CalendarDate | null;
  readonly verified_until: CalendarDate | null;
  readonly green_state: GreenListing['state'] | null;
  readonly green_until: CalendarDate | null;
  readonly green_document: DocumentColumn | null;
  readonly green_proposer: string | null;
  readonly green_approver: string | null;
  readonly created_at: string;
  readonly updated_at: string;
  readonly revision: string;
  readonly block_reason: string | null;
  readonly block_document: DocumentColumn | null;
  readonly blocker: string | null;
  readonly blocked_at: string | null;
}

/** Row level security adds the tenant to both tables. */
export const selectSeller = `
  select s.uid, s.name, s.platform, s.kind, s.legal_name_sealed, s.legal_person_key, s.region_code,
    s.trade_category, s.external_reference, s.controllers, s.net_assets_fen,
    s.net_assets_date::text, s.verified_until::text, s.green_state, s.green_until::text,
    s.green_document, s.green_proposer, s.green_approver, s.created_at, s.updated_at, s.revision,
    b.reason as block_reason, b.document as block_document, b.blocker, b.blocked_at
    from seller as s
    left join legal_person_block as b
      on b.legal_person_key = s.legal_person_key and b.lifted_at is null`;

export interface Vault {
  readonly tenant: Tenant;
  readonly ring: KeyRing;
}

const place = (tenant: Tenant, column: string, row: Uid) => ({
  tenant,
  table: 'seller',
  column,
  row,
});

export const sealSeller = (
  { tenant, ring }: Vault,
  { uid, legalName }: Seller,
  identityNumber: string,
) => ({
  legalName: seal(ring, place(tenant, 'legal_name_sealed', uid), legalName),
  identity: seal(ring, place(tenant, 'identity_sealed', uid), identityNumber),
});

export const sellerOf = ({ tenant, ring }: Vault, row: SellerRow): Seller => ({
  name: row.name,
  uid: row.uid,
  platform: row.platform,
  kind: row.kind,
  legalName: unseal(ring, place(tenant, 'legal_name_sealed', row.uid), row.legal_name_sealed),
  legalPersonKey: row.legal_person_key,
  regionCode: row.region_code,
  tradeCategory: row.trade_category,
  externalReference: row.external_reference,
  standing: standingOf(row),
  greenListing: greenListingOf(row),
  block: blockOf(row),
  createTime: new Date(row.created_at),
  updateTime: new Date(row.updated_at),
  revision: BigInt(row.revision),
});

function standingOf(row: SellerRow): Standing | undefined {
  const { net_assets_fen, net_assets_date, verified_until, controllers } = row;
  if (net_assets_fen === null || net_assets_date === null || verified_until === null) {
    return undefined;
  }
  return {
    controllers,
    netAssets: fen(BigInt(net_assets_fen)),
    netAssetsDate: net_assets_date,
    verifiedUntil: verified_until,
  };
}

function greenListingOf(row: SellerRow): GreenListing | undefined {
  const { green_state, green_until, green_document, green_proposer, green_approver } = row;
  if (
    green_state === null ||
    green_until === null ||
    green_document === null ||
    green_proposer === null
  ) {
    return undefined;
  }
  return {
    state: green_state,
    until: green_until,
    listDocument: documentOf(green_document),
    proposer: green_proposer,
    approver: green_approver ?? undefined,
  };
}

export function blockOf(
  row: Pick<SellerRow, 'block_reason' | 'block_document' | 'blocker' | 'blocked_at'>,
): Block | undefined {
  const { block_reason, block_document, blocker, blocked_at } = row;
  if (block_reason === null || block_document === null || blocker === null || blocked_at === null) {
    return undefined;
  }
  return {
    reason: block_reason,
    document: documentOf(block_document),
    person: blocker,
    time: new Date(blocked_at),
  };
}
