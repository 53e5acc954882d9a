/** Sellers stand on the hot path: SQL by hand. */
import { resourceUid } from '@lianbao/kernel';
import { byCreateTime, pageStart, slicedBy, sql } from '@lianbao/persistence';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { SellerClash, Sellers } from '../application/ports.ts';
import type { SellerName } from '../domain/names.ts';
import { refusals } from '../domain/refusals.ts';
import type { Seller } from '../domain/seller.ts';
import { documentColumn } from './columns.ts';
import {
  blockOf,
  type SellerRow,
  sealSeller,
  selectSeller,
  sellerOf,
  type Vault,
} from './seller-row.ts';

export function sellersOn(em: EntityManager, vault: Vault): Sellers {
  const { tenant } = vault;

  const one = async (name: SellerName, lock = ''): Promise<Seller | undefined> => {
    const { rows } = await sql<SellerRow>(em, `${selectSeller} where s.uid = $1${lock}`, [
      resourceUid(tenant, name),
    ]);
    return rows[0] && sellerOf(vault, rows[0]);
  };

  /** The row that kept the new one out: it has committed, since the insert waited for it. */
  const clashWith = async (seller: Seller): Promise<SellerClash> => {
    const { rows } = await sql<SellerRow>(
      em,
      `${selectSeller} where s.uid = $1 or (s.platform = $2 and
         (s.legal_person_key = $3 or s.external_reference = $4))`,
      [seller.uid, seller.platform, seller.legalPersonKey, seller.externalReference],
    );
    const found = rows.map((row) => sellerOf(vault, row));
    const by = (
      kind: SellerClash['by'],
      fits: (other: Seller) => boolean,
    ): SellerClash | undefined => {
      const existing = found.find(fits);
      return existing && { by: kind, existing };
    };
    const clash =
      by('NAME', ({ uid }) => uid === seller.uid) ??
      by('IDENTITY', ({ legalPersonKey }) => legalPersonKey === seller.legalPersonKey) ??
      by('EXTERNAL_REFERENCE', () => true);
    if (clash === undefined) throw new Error('a seller was neither added nor kept out');
    return clash;
  };

  return {
    seller: (name) => one(name),

    lockSeller: (name) => one(name, ' for update of s'),

    sellers: async (platform, slice) => {
      const from = pageStart(slice);
      const { rows } = await sql<SellerRow>(
        em,
        `${selectSeller} where s.platform = $1
           and ($2::timestamptz is null or (s.created_at, s.uid) < ($2, $3::uuid))
         order by s.created_at desc, s.uid desc limit $4`,
        [platform, from?.createdAt ?? null, from?.uid ?? null, slice.size + 1],
      );
      const found = rows.map((row) => sellerOf(vault, row));
      return slicedBy(found, slice.size, byCreateTime);
    },

    addSeller: async (seller, identityNumber) => {
      const sealed = sealSeller(vault, seller, identityNumber);
      const { affected } = await sql(
        em,
        `insert into seller (uid, name, platform, kind, legal_name_sealed, identity_sealed,
           legal_person_key, region_code, trade_category, external_reference, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11) on conflict do nothing`,
        [
          seller.uid,
          seller.name,
          seller.platform,
          seller.kind,
          sealed.legalName,
          sealed.identity,
          seller.legalPersonKey,
          seller.regionCode,
          seller.tradeCategory,
          seller.externalReference,
          seller.createTime,
        ],
      );
      return affected === 1 ? undefined : clashWith(seller);
    },

    saveSeller: async (from, to) => {
      const { standing, greenListing } = to;
      const { affected } = await sql(
        em,
        `update seller set controllers = $3, net_assets_fen = $4, net_assets_date = $5,
           verified_until = $6, green_state = $7, green_until = $8, green_document = $9,
           green_proposer = $10, green_approver = $11, updated_at = $12, revision = $13
          where uid = $1 and revision = $2`,
        [
          from.uid,
          from.revision,
          JSON.stringify(standing?.controllers ?? []),
          standing?.netAssets.minorUnits ?? null,
          standing?.netAssetsDate ?? null,
          standing?.verifiedUntil ?? null,
          greenListing?.state ?? null,
          greenListing?.until ?? null,
          greenListing === undefined
            ? null
            : JSON.stringify(documentColumn(greenListing.listDocument)),
          greenListing?.proposer ?? null,
          greenListing?.approver ?? null,
          to.updateTime,
          to.revision,
        ],
      );
      if (affected === 0) throw refusals.ETAG_MISMATCH({ name: from.name });
    },

    addVerification: async (seller, verification, controllers, by) => {
      const { documents, netAssets, netAssetsDate, verificationDate } = verification;
      await sql(
        em,
        `insert into verification (seller_uid, documents, controllers, net_assets_fen,
           net_assets_date, verification_date, verified_until, policy_version, verifier, recorded_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
        [
          seller.uid,
          JSON.stringify(
            documents.map(({ kind, document }) => ({ kind, ...documentColumn(document) })),
          ),
          JSON.stringify(controllers),
          netAssets.minorUnits,
          netAssetsDate,
          verificationDate,
          seller.standing?.verifiedUntil,
          by.policyVersion,
          by.verifier,
          by.time,
        ],
      );
    },

    lockLegalPerson: async (key) => {
      await sql(em, 'select pg_advisory_xact_lock(hashtextextended($1, 0))', [
        `legal person ${tenant} ${key}`,
      ]);
    },

    blockOf: async (key) => {
      const { rows } = await sql<Parameters<typeof blockOf>[0]>(
        em,
        `select reason as block_reason, document as block_document, blocker, blocked_at
           from legal_person_block where legal_person_key = $1 and lifted_at is null`,
        [key],
      );
      return rows[0] && blockOf(rows[0]);
    },

    addBlock: async (key, { reason, document, person, time }) => {
      await sql(
        em,
        `insert into legal_person_block (legal_person_key, reason, document, blocker, blocked_at)
         values ($1, $2, $3, $4, $5)`,
        [key, reason, JSON.stringify(documentColumn(document)), person, time],
      );
    },

    liftBlock: async (key, { reason, document, person, time }) => {
      await sql(
        em,
        `update legal_person_block set lift_reason = $2, lift_document = $3, lifter = $4, lifted_at = $5
          where legal_person_key = $1 and lifted_at is null`,
        [key, reason, JSON.stringify(documentColumn(document)), person, time],
      );
    },

    touchSellersOf: async (key, now) => {
      // Locked in the order of uids before any is changed.
      await sql(
        em,
        `with locked as (
           select uid from seller where legal_person_key = $1 order by uid for update)
         update seller set updated_at = $2, revision = revision + 1 from locked
          where seller.uid = locked.uid`,
        [key, now],
      );
      const { rows } = await sql<SellerRow>(
        em,
        `${selectSeller} where s.legal_person_key = $1 order by s.uid`,
        [key],
      );
      return rows.map((row) => sellerOf(vault, row));
    },
  };
}
