import type { Caller, Slice, Sliced } from '@lianbao/kernel';
import type { LenderName, PlatformName } from '../domain/names.ts';
import type { Lender, Platform } from '../domain/partner.ts';
import { refusals } from '../domain/refusals.ts';
import type { Dependencies } from './dependencies.ts';
import { requireDealings } from './ownership.ts';

export const getPlatform =
  ({ store }: Dependencies) =>
  (caller: Caller, name: PlatformName, method: string): Promise<Platform> =>
    store.read(caller, async (tx) => {
      await requireDealings(tx, caller, name, method);
      const platform = await tx.platform(name);
      if (platform === undefined) throw refusals.NAME_UNKNOWN({ name });
      return platform;
    });

/** A platform sees itself, a bank those on its list, an operator all. */
export const listPlatforms =
  ({ store }: Dependencies) =>
  (caller: Caller, slice: Slice): Promise<Sliced<Platform>> =>
    store.read(caller, async (tx) => {
      if (caller.kind === 'OPERATOR') return tx.platforms(slice);
      if (caller.kind === 'PLATFORM') return tx.platforms(slice, [caller.partner as PlatformName]);
      const lender = await tx.lender(caller.partner as LenderName);
      return tx.platforms(slice, lender?.whitelist ?? []);
    });

export const getLender =
  ({ store }: Dependencies) =>
  (caller: Caller, name: LenderName): Promise<Lender> =>
    store.read(caller, async (tx) => {
      const lender = await tx.lender(name);
      if (lender === undefined) throw refusals.NAME_UNKNOWN({ name });
      return lender;
    });

/** A bank sees itself, an operator all. */
export const listLenders =
  ({ store }: Dependencies) =>
  (caller: Caller, slice: Slice): Promise<Sliced<Lender>> =>
    store.read(caller, (tx) =>
      tx.lenders(slice, caller.kind === 'BANK' ? (caller.partner as LenderName) : undefined),
    );
