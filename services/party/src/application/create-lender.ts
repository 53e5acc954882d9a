import {
  type Act,
  type Answer,
  type CalendarDate,
  compare,
  type Money,
  resourceUid,
} from '@lianbao/kernel';
import type { LenderName } from '../domain/names.ts';
import { type Lender, type Licence, requireLender } from '../domain/partner.ts';
import { refusals } from '../domain/refusals.ts';
import type { Dependencies } from './dependencies.ts';
import { originOf } from './origin.ts';

export interface LenderGiven {
  readonly name: LenderName;
  readonly displayName: string;
  readonly identityNumber: string;
  readonly licence: Licence;
  readonly capital: Money;
  readonly capitalDate: CalendarDate;
}

export const createLender =
  ({ store, clock, keyOf }: Dependencies) =>
  (act: Act<Lender>, given: LenderGiven): Promise<Answer> => {
    const now = clock();
    const { identityNumber, ...terms } = given;
    const { tenant } = act.caller;
    requireLender(identityNumber, given.capital, given.capitalDate, now);
    const lender: Lender = {
      ...terms,
      uid: resourceUid(tenant, given.name),
      legalPersonKey: keyOf(tenant, identityNumber),
      whitelist: [],
      createTime: now,
      updateTime: now,
      revision: 1n,
    };
    return store.once(act, now, async (tx) => {
      await tx.reserveName(lender.name);
      const existing = await tx.lender(lender.name);
      if (existing !== undefined) {
        const sameContent = String(isSame(existing, lender));
        throw refusals.NAME_TAKEN({ existingName: lender.name, sameContent });
      }
      await tx.addLender(lender, identityNumber);
      await tx.say(originOf(act, now), { type: 'LenderChanged', lender });
      return lender;
    });
  };

const isSame = (a: Lender, b: Lender): boolean =>
  a.displayName === b.displayName &&
  a.legalPersonKey === b.legalPersonKey &&
  a.licence === b.licence &&
  compare(a.capital, b.capital) === 0 &&
  a.capitalDate === b.capitalDate;
