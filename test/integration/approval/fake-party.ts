/** Party as a small object: it knows every seller as verified, until a test says otherwise. */
import type { PartyPort } from '@lianbao/approval';
import type { CalendarDate } from '@lianbao/kernel';
import { lenderName, platformName } from './names.ts';

type Answers<Method extends keyof PartyPort> = Awaited<ReturnType<PartyPort[Method]>>;

/** What party says; tests change it as they need. */
export interface FakeParty extends PartyPort {
  sellers: Map<string, Answers<'seller'>>;
  deadConsents: Set<string>;
  lenders: Map<string, NonNullable<Answers<'lender'>>>;
  /** Thrown by every question while it is set. */
  failure: Error | undefined;
  asked: number;
}

export function fakeParty(): FakeParty {
  const party: FakeParty = {
    sellers: new Map(),
    deadConsents: new Set(),
    lenders: new Map([
      [lenderName, { capitalFen: 100_000_000_000_00n, whitelist: [platformName, 'platforms/q'] }],
    ]),
    failure: undefined,
    asked: 0,
    seller: async (_tenant, name) => {
      party.asked += 1;
      if (party.failure !== undefined) throw party.failure;
      return party.sellers.get(name) ?? verifiedSeller(name);
    },
    consents: async (_tenant, seller) => {
      if (party.failure !== undefined) throw party.failure;
      const live = !party.deadConsents.has(seller);
      const cause = live ? '' : 'WITHDRAWN';
      return [
        { purpose: 'SCORING', dataKinds: 'INVOICES', live, cause },
        { purpose: 'SHARE_WITH_LENDER', dataKinds: 'SCORES', live: true, cause: '' },
      ];
    },
    lender: async (_tenant, name) => {
      if (party.failure !== undefined) throw party.failure;
      return party.lenders.get(name);
    },
  };
  return party;
}

/** Every seller is a legal person of its own, controlled by a person of its own. */
export const verifiedSeller = (name: string): Answers<'seller'> => ({
  state: 'VERIFIED',
  legalPersonKey: `person of ${name}`,
  controllerKeys: [`controller of ${name}`],
  verifiedUntil: '2020-12-31' as CalendarDate,
  blockTime: undefined,
  greenUntil: undefined,
});
