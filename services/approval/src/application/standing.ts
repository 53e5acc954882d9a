/**
 * Asks party, before the transaction, what a submission needs to know. What goes wrong is kept until
 * the transaction asks for it: a repeated act gets its stored answer also while party is away.
 */
import type { Tenant } from '@lianbao/kernel';
import { platformOf } from '../domain/application.ts';
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

/** Who asks, and until when. */
export interface Asking {
  readonly tenant: Tenant;
  readonly signal: AbortSignal;
}

export async function askStanding(
  party: PartyPort,
  { seller, lender }: { readonly seller: string; readonly lender: string },
  view: LenderStanding | undefined,
  asking: Asking,
): Promise<Standing> {
  const { tenant, signal } = asking;
  const [sellerStanding, consents, lenderStanding] = await Promise.all([
    party.seller(tenant, seller, signal),
    party.consents(tenant, seller, lender, signal),
    askLender(party, { lender, platform: platformOf(seller) }, view, asking),
  ]);
  return { seller: sellerStanding, consents, lender: lenderStanding };
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
