/** Partners change seldom: they go through the ORM. */
import { type CalendarDate, fen, resourceUid, type Tenant, type Uid } from '@lianbao/kernel';
import {
  byCreateTime,
  type KeyRing,
  pageOptions,
  rowsAfter,
  seal,
  slicedBy,
  sql,
} from '@lianbao/persistence';
import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Partners } from '../application/ports.ts';
import type { LenderName, PlatformName } from '../domain/names.ts';
import type { Lender, Platform } from '../domain/partner.ts';
import { LenderRow, PlatformRow } from './partner-row.ts';

export function partnersOn(em: EntityManager, tenant: Tenant, ring: KeyRing): Partners {
  const sealed = (table: string, row: string, identityNumber: string) =>
    seal(ring, { tenant, table, column: 'identity_sealed', row }, identityNumber);
  const keyOf = (name: string) => ({ tenant, uid: resourceUid(tenant, name) });

  return {
    reserveName: async (name) => {
      await sql(em, 'select pg_advisory_xact_lock(hashtextextended($1, 0))', [
        `partner ${tenant} ${name}`,
      ]);
    },

    platform: async (name) => {
      const row = await em.findOne(PlatformRow, keyOf(name));
      return row === null ? undefined : platformOf(row);
    },

    platforms: async (slice, among) => {
      const named = among === undefined ? {} : { name: { $in: [...among] } };
      const rows = await em.find(
        PlatformRow,
        { ...named, ...rowsAfter(slice) },
        pageOptions(slice),
      );
      return slicedBy(rows.map(platformOf), slice.size, byCreateTime);
    },

    addPlatform: async (platform, identityNumber) => {
      const { name, uid, displayName, legalPersonKey, createTime, updateTime } = platform;
      em.create(PlatformRow, {
        tenant,
        uid,
        name,
        displayName,
        identitySealed: sealed('platform', uid, identityNumber),
        legalPersonKey,
        createdAt: createTime,
        updatedAt: updateTime,
      });
      await em.flush();
    },

    lender: async (name) => {
      const row = await em.findOne(LenderRow, keyOf(name));
      return row === null ? undefined : lenderOf(row);
    },

    lockLender: async (name) => {
      const lockMode = LockMode.PESSIMISTIC_WRITE;
      const row = await em.findOne(LenderRow, keyOf(name), { lockMode });
      return row === null ? undefined : lenderOf(row);
    },

    lenders: async (slice, only) => {
      const named = only === undefined ? {} : { name: only };
      const rows = await em.find(LenderRow, { ...named, ...rowsAfter(slice) }, pageOptions(slice));
      return slicedBy(rows.map(lenderOf), slice.size, byCreateTime);
    },

    unknownLenders: async (names) => {
      const { rows } = await sql<{ name: LenderName }>(
        em,
        'select name from lender where name = any ($1)',
        [names],
      );
      const known = rows.map(({ name }) => name);
      return names.filter((name) => !known.includes(name));
    },

    addLender: async (lender, identityNumber) => {
      const { name, uid, displayName, legalPersonKey, licence, capital, capitalDate } = lender;
      em.create(LenderRow, {
        tenant,
        uid,
        name,
        displayName,
        identitySealed: sealed('lender', uid, identityNumber),
        legalPersonKey,
        licence,
        capitalFen: capital.minorUnits,
        capitalDate,
        whitelist: [...lender.whitelist],
        createdAt: lender.createTime,
        updatedAt: lender.updateTime,
      });
      await em.flush();
    },

    saveWhitelist: async ({ name, whitelist, updateTime }) => {
      // Managed and locked by lockLender; the ORM raises and checks the revision.
      const row = await em.findOneOrFail(LenderRow, keyOf(name));
      row.whitelist = [...whitelist];
      row.updatedAt = updateTime;
      await em.flush();
    },
  };
}

const platformOf = (row: PlatformRow): Platform => ({
  name: row.name as PlatformName,
  uid: row.uid as Uid,
  displayName: row.displayName,
  legalPersonKey: row.legalPersonKey,
  createTime: row.createdAt,
  updateTime: row.updatedAt,
  revision: BigInt(row.revision),
});

const lenderOf = (row: LenderRow): Lender => ({
  name: row.name as LenderName,
  uid: row.uid as Uid,
  displayName: row.displayName,
  legalPersonKey: row.legalPersonKey,
  licence: row.licence,
  capital: fen(row.capitalFen),
  capitalDate: row.capitalDate as CalendarDate,
  whitelist: row.whitelist as PlatformName[],
  createTime: row.createdAt,
  updateTime: row.updatedAt,
  revision: BigInt(row.revision),
});
