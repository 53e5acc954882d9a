/**
 * Asks party, before the transaction, what a submission needs to know. What goes wrong is kept until
 * the transaction asks for it: a repeated act gets its stored answer also while party is away.
 */
import type { Tenant } from '@lianbao/kernel';
import { platformOf } from '../domain/application.ts';
import { type ConsentVerdict, unjudgedConsents, verdictOnNamed } from '../domain/consent.ts';
import type { LenderStanding, Standing } from '../domain/submission.ts';
import type { PartyPort } from './ports.ts';

export interface Asked<T> {
  /** Undefined when nobody answered. */
  readonly known: T | undefined;
  /** Throws what went wrong. */
  readonly get: () => T;
}

export async function asked<T>(question: Promise<T>): Promise<Asked<T>> {
  try {
    const answer = await question;
    return { known: answer, get: () => answer };
  } catch (error) {
    const get = () => {
      throw error;
    };
    return { known: undefined, get };
  }
}

/** Who asks, when, and until when. */
interface Asking {
  readonly tenant: Tenant;
  readonly now: Date;
  readonly signal: AbortSignal;
}

/** Of whom is asked. Without `consents` whichever the seller gave count. */
interface Subject {
  readonly seller: string;
  readonly lender: string;
  readonly consents?: readonly string[];
}

export async function askStanding(
  party: PartyPort,
  subject: Subject,
  view: LenderStanding | undefined,
  asking: Asking,
): Promise<Standing> {
  const { seller, lender } = subject;
  const [sellerStanding, consents, lenderStanding] = await Promise.all([
    party.seller(asking.tenant, seller, asking.signal),
    askConsents(party, subject, asking),
    askLender(party, { lender, platform: platformOf(seller) }, view, asking),
  ]);
  return { seller: sellerStanding, consents, lender: lenderStanding };
}

async function askConsents(
  party: PartyPort,
  { seller, lender, consents: named }: Subject,
  { tenant, now, signal }: Asking,
): Promise<readonly ConsentVerdict[]> {
  const verdicts = await party.consents(tenant, seller, lender, signal);
  if (named === undefined) return verdicts;
  const looks = unjudgedConsents(named, verdicts).map(async (name) => {
    const consent = await party.consent(tenant, name, signal);
    return consent === undefined ? [] : [[name, consent] as const];
  });
  const unjudged = new Map((await Promise.all(looks)).flat());
  return verdicts.map((verdict) => verdictOnNamed(verdict, named, unjudged, lender, now));
}

const nobody: LenderStanding = { capitalFen: 0n, whitelist: [] };

/** The view may say yes, never no. */
async function askLender(
  party: PartyPort,
  { lender, platform }: { readonly lender: string; readonly platform: string },
  view: LenderStanding | undefined,
  { tenant, signal }: Asking,
): Promise<LenderStanding> {
  if (view?.whitelist.includes(platform)) return view;
  return (await party.lender(tenant, lender, signal)) ?? nobody;
}
