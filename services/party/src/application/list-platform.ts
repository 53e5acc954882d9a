import type { Act, Answer } from '@lianbao/kernel';
import type { LenderName, PlatformName } from '../domain/names.ts';
import { type Lender, listPlatform } from '../domain/partner.ts';
import { refusals, requireEtag } from '../domain/refusals.ts';
import type { Dependencies } from './dependencies.ts';
import { originOf } from './origin.ts';

/** Puts a platform on the lender's own list, or takes it off; where it stands so already nothing changes. */
export const whitelistPlatform = (dependencies: Dependencies) => setListed(dependencies, true);
export const delistPlatform = (dependencies: Dependencies) => setListed(dependencies, false);

const setListed =
  ({ store, clock }: Dependencies, listed: boolean) =>
  (act: Act<Lender>, name: LenderName, platform: PlatformName): Promise<Answer> => {
    const now = clock();
    return store.once(act, now, async (tx) => {
      const lender = await tx.lockLender(name);
      if (lender === undefined) throw refusals.NAME_UNKNOWN({ name });
      requireEtag(act.etag, lender);
      if ((await tx.platform(platform)) === undefined) {
        throw refusals.NAME_UNKNOWN({ name: platform });
      }
      const changed = listPlatform(lender, platform, listed, now);
      if (changed === lender) return lender;
      await tx.saveWhitelist(changed);
      const said = { type: 'WhitelistChanged', lender: changed, platform, listed } as const;
      await tx.say(originOf(act, now), said);
      return changed;
    });
  };
