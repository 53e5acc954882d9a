/**
 * Asks party, before the transaction, what a submission needs to know. What goes wrong is kept until
 * the transaction asks for it: a repeated act gets its stored answer also while party is away.
 */
import { liesUnder } from '@lianbao/kernel';
import { platformOf } from '../domain/application.ts';
import type { LenderStanding, Standing } from '../domain/submission.ts';
import type { PartyPort } from './ports.ts';

export type Asked<T> = () => T;

export async function asked<T>(question: Promise<T>): Promise<Asked<T>> {
  try {
    const answer = await question;
    return () => answer;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

export async function askStanding(
  party: PartyPort,
  seller: string,
  lender: string,
  view: LenderStanding | undefined,
  signal: AbortSignal,
): Promise<Standing> {
  const [sellerStanding, consents, lenderStanding] = await Promise.all([
    party.seller(seller, signal),
    party.consents(seller, lender, signal),
    askLender(party, lender, platformOf(seller), view, signal),
  ]);
  return { seller: sellerStanding, consents, lender: lenderStanding };
}

const nobody: LenderStanding = { capitalFen: 0n, whitelist: [] };

/** The view may say yes, never no. */
export async function askLender(
  party: PartyPort,
  lender: string,
  platform: string,
  view: LenderStanding | undefined,
  signal: AbortSignal,
): Promise<LenderStanding> {
  if (view?.whitelist.some((each) => liesUnder(platform, each))) return view;
  return (await party.lender(lender, signal)) ?? nobody;
}
