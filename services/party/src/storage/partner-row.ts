import { defineEntity, type InferEntity } from '@mikro-orm/core';

const p = defineEntity.properties;

export const PlatformRow = defineEntity({
  name: 'PlatformRow',
  tableName: 'platform',
  properties: {
    tenant: p.string().primary(),
    uid: p.uuid().primary(), // UUIDv5 of `<tenant>/<name>`
    name: p.string(),
    displayName: p.string(),
    identitySealed: p.blob().lazy(),
    legalPersonKey: p.string(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
    revision: p.integer().version(),
  },
});
export type PlatformRow = InferEntity<typeof PlatformRow>;

export const LenderRow = defineEntity({
  name: 'LenderRow',
  tableName: 'lender',
  properties: {
    tenant: p.string().primary(),
    uid: p.uuid().primary(), // UUIDv5 of `<tenant>/<name>`
    name: p.string(),
    displayName: p.string(),
    identitySealed: p.blob().lazy(),
    legalPersonKey: p.string(),
    licence: p.enum(['BANK', 'LICENSED'] as const),
    capitalFen: p.bigint('bigint'),
    capitalDate: p.date(),
    whitelist: p.array(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
    revision: p.integer().version(),
  },
});
export type LenderRow = InferEntity<typeof LenderRow>;

/** What the ORM of party knows. */
export const partyEntities = [PlatformRow, LenderRow];
