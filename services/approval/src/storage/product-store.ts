/** Products change seldom: they go through the ORM, but for the reads on every application's way. */
import { resourceUid, type Tenant } from '@lianbao/kernel';
import { byCreateTime, pageOptions, rowsAfter, slicedBy, sql } from '@lianbao/persistence';
import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Products } from '../application/version-ports.ts';
import type { ProductVersion } from '../domain/product-version.ts';
import {
  type ProductColumns,
  ProductVersionRow,
  productOf,
  productOfColumns,
  termsJson,
} from './product-row.ts';

/** Versions by the hash of their terms, which never change. */
export type RememberedProducts = Map<string, ProductVersion>;

export function productsOn(
  em: EntityManager,
  tenant: Tenant,
  remembered: RememberedProducts,
): Products {
  const keyOf = (name: string) => ({ tenant, uid: resourceUid(tenant, name) });
  const find = async (name: string, lockMode?: LockMode) => {
    const options = lockMode === undefined ? {} : { lockMode };
    const row = await em.findOne(ProductVersionRow, keyOf(name), options);
    return row === null ? undefined : productOf(row);
  };

  return {
    productVersion: (name) => find(name),

    pinnedProduct: async ({ version, hash }) => {
      const known = remembered.get(hash);
      if (known !== undefined) return known;
      const found = await find(version);
      if (found?.hash !== hash) throw new Error(`${version} no longer has the content ${hash}`);
      remembered.set(hash, found);
      return found;
    },

    lockProductVersion: async (name) => {
      // The product first: another version of it may be approved at the same time.
      await sql(em, 'select pg_advisory_xact_lock(hashtextextended($1, 0))', [
        `product ${tenant} ${productOfVersion(name)}`,
      ]);
      return find(name, LockMode.PESSIMISTIC_WRITE);
    },

    approvedProduct: async (product) => {
      const { rows } = await sql<{ product_row: ProductColumns }>(
        em,
        `select to_jsonb(p) as product_row from product_version as p
          where product = $1 and state = 'APPROVED'`,
        [product],
      );
      return rows[0] && productOfColumns(rows[0].product_row);
    },

    addProductVersion: async (version) => {
      const { rows } = await sql(
        em,
        `insert into product_version
           (uid, name, product, state, terms, maker, revision, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $8) on conflict do nothing returning uid`,
        [
          version.uid,
          version.name,
          productOfVersion(version.name),
          version.state,
          JSON.stringify(termsJson(version.terms)),
          version.maker,
          version.revision,
          version.createTime,
        ],
      );
      return rows.length > 0;
    },

    saveProductVersion: async ({ name, state, approver, updateTime }) => {
      const row = await em.findOneOrFail(ProductVersionRow, keyOf(name));
      row.state = state;
      row.approver = approver ?? null;
      row.updatedAt = updateTime;
      await em.flush();
      return productOf(row);
    },

    productVersions: async (product, slice) => {
      const named = product === undefined ? {} : { product };
      const where = { ...named, ...rowsAfter(slice) };
      const rows = await em.find(ProductVersionRow, where, pageOptions(slice));
      return slicedBy(rows.map(productOf), slice.size, byCreateTime);
    },
  };
}

/** `products/p` of `products/p/versions/v`. */
const productOfVersion = (name: string): string => name.split('/').slice(0, 2).join('/');
