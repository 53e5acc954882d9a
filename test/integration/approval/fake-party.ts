/** Party as a small object: it knows every seller as verified, until a test says otherwise. */
import type { PartyPort } from '@lianbao/approval';
import type { CalendarDate } from '@lianbao/kernel';
import { lenderName, platformName } from './names.ts';

type Answers<Method extends keyof PartyPort> = Awaited<ReturnType<PartyPort[Method]>>;

/** What party says; tests change it as they need. */
export interface FakeParty extends PartyPort {
  sellers: Map<string, Answers<'seller'>>;
  /** Sellers whose consent to be scored was withdrawn. */
  deadConsents: Set<string>;
  /** To be scored, beside what every seller has given; they last longer. */
  moreConsents: Map<string, NonNullable<Answers<'consent'>>>;
  lenders: Map<string, NonNullable<Answers<'lender'>>>;
  /** Thrown by every question while it is set. */
  failure: Error | undefined;
  asked: number;
}

export function fakeParty(): FakeParty {
  const party: FakeParty = {
    sellers: new Map(),
    deadConsents: new Set(),
    moreConsents: new Map(),
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
      const [scoring, share] = consentsOf(seller);
      const first = party.deadConsents.has(seller) ? undefined : scoring;
      const longest = [...party.moreConsents.keys()].find((name) => name.startsWith(`${seller}/`));
      const consent = longest ?? first;
      const cause = consent === undefined ? 'WITHDRAWN' : 'NONE';
      return [
        { purpose: 'SCORING', dataKinds: 'INVOICES', consent, cause },
        { purpose: 'SHARE_WITH_LENDER', dataKinds: 'SCORES', consent: share, cause: 'NONE' },
      ];
    },
    consent: async (_tenant, name) => {
      const [seller = ''] = name.split('/consents/');
      if (name !== consentsOf(seller)[0]) return party.moreConsents.get(name);
      return scoringConsent(party.deadConsents.has(seller) ? 'WITHDRAWN' : 'GRANTED');
    },
    lender: async (_tenant, name) => {
      if (party.failure !== undefined) throw party.failure;
      return party.lenders.get(name);
    },
  };
  return party;
}

/** Names of the two that every seller has given. */
export const consentsOf = (seller: string) =>
  [`${seller}/consents/scoring`, `${seller}/consents/share`] as const;

export const scoringConsent = (
  state: NonNullable<Answers<'consent'>>['state'],
): NonNullable<Answers<'consent'>> => ({
  state,
  purpose: 'SCORING',
  dataKinds: ['INVOICES'],
  recipients: [lenderName],
  expireTime: new Date('2020-12-31'),
});

/** Every seller is a legal person of its own, controlled by a person of its own. */
export const verifiedSeller = (name: string): Answers<'seller'> => ({
  state: 'VERIFIED',
  legalPersonKey: `person of ${name}`,
  controllerKeys: [`controller of ${name}`],
  verifiedUntil: '2020-12-31' as CalendarDate,
  blockTime: undefined,
  greenUntil: undefined,
});
