import { type Act, type Answer, resourceUid } from '@lianbao/kernel';
import type { PlatformName } from '../domain/names.ts';
import { type Platform, requireCreditCode } from '../domain/partner.ts';
import { refusals } from '../domain/refusals.ts';
import type { Dependencies } from './dependencies.ts';
import { originOf } from './origin.ts';

export interface PlatformGiven {
  readonly name: PlatformName;
  readonly displayName: string;
  readonly identityNumber: string;
}

export const createPlatform =
  ({ store, clock, keyOf }: Dependencies) =>
  (act: Act<Platform>, given: PlatformGiven): Promise<Answer> => {
    const now = clock();
    const { name, displayName, identityNumber } = given;
    const { tenant } = act.caller;
    requireCreditCode(identityNumber);
    const platform: Platform = {
      name,
      uid: resourceUid(tenant, name),
      displayName,
      legalPersonKey: keyOf(tenant, identityNumber),
      createTime: now,
      updateTime: now,
      revision: 1n,
    };
    return store.once(act, now, async (tx) => {
      await tx.reserveName(name);
      const existing = await tx.platform(name);
      if (existing !== undefined) {
        const same =
          existing.displayName === displayName &&
          existing.legalPersonKey === platform.legalPersonKey;
        throw refusals.NAME_TAKEN({ existingName: name, sameContent: String(same) });
      }
      await tx.addPlatform(platform, identityNumber);
      await tx.say(originOf(act, now), { type: 'PlatformChanged', platform });
      return platform;
    });
  };
