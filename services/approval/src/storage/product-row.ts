import { canonicalJson, type Json, sha256, type Uid } from '@lianbao/kernel';
import { defineEntity, type InferEntity } from '@mikro-orm/core';
import { canonicalText, readCanonical } from '../domain/decision/canonical.ts';
import type { ProductTerms } from '../domain/decision/product.ts';
import type { ProductVersion } from '../domain/product-version.ts';

const p = defineEntity.properties;

export const ProductVersionRow = defineEntity({
  name: 'ProductVersionRow',
  tableName: 'product_version',
  properties: {
    tenant: p.string().primary(),
    uid: p.uuid().primary(),
    name: p.string(),
    product: p.string(),
    state: p.enum(['DRAFT', 'APPROVED', 'RETIRED'] as const),
    terms: p.json<Json>(),
    maker: p.string(),
    approver: p.string().nullable(),
    revision: p.integer().version(),
    createdAt: p.datetime().name('created_at'),
    updatedAt: p.datetime().name('updated_at'),
  },
});
export type ProductVersionRow = InferEntity<typeof ProductVersionRow>;

/** The same row as jsonb, where a hand-written statement brings it along. */
export interface ProductColumns {
  readonly uid: string;
  readonly name: string;
  readonly state: ProductVersion['state'];
  readonly terms: Json;
  readonly maker: string;
  readonly approver: string | null;
  readonly revision: number;
  readonly created_at: string;
  readonly updated_at: string;
}

/** Terms as they are stored. */
export const termsJson = (terms: ProductTerms): Json => JSON.parse(canonicalText(terms)) as Json;

/** The hash is that of what stands there now. */
function contentOf(terms: Json): Pick<ProductVersion, 'terms' | 'hash'> {
  const text = canonicalJson(terms);
  return { terms: readCanonical<ProductTerms>(text), hash: sha256(text) };
}

export const productOf = (row: ProductVersionRow): ProductVersion => ({
  uid: row.uid as Uid,
  name: row.name,
  state: row.state,
  ...contentOf(row.terms as Json),
  maker: row.maker,
  approver: row.approver ?? undefined,
  revision: row.revision,
  createTime: row.createdAt,
  updateTime: row.updatedAt,
});

export const productOfColumns = (row: ProductColumns): ProductVersion => ({
  uid: row.uid as Uid,
  name: row.name,
  state: row.state,
  ...contentOf(row.terms),
  maker: row.maker,
  approver: row.approver ?? undefined,
  revision: row.revision,
  createTime: new Date(row.created_at),
  updateTime: new Date(row.updated_at),
});
