/**
 * Views may say yes, never no: where they are silent, party is asked, before the transaction and never
 * in it. A use case runs on the views first and throws `ViewSilent`; then it runs again, told.
 */
import type { Caller, Tenant } from '@lianbao/kernel';
import { refusals } from '../domain/refusals.ts';
import type { ConsentFault, Ground } from '../domain/score-refusal.ts';
import type { ConsentUse, PartyPort } from './ports.ts';

/** Ends a transaction that cannot go on without asking party. */
export class ViewSilent extends Error {
  override readonly name = 'ViewSilent';
}

/** `work` without an answer of party first, and once more with one when a view was silent. */
export async function askingWhenSilent<Told, Result>(
  work: (told: Told | undefined) => Promise<Result>,
  ask: () => Promise<Told>,
): Promise<Result> {
  try {
    return await work(undefined);
  } catch (error) {
    if (!(error instanceof ViewSilent)) throw error;
  }
  return work(await ask());
}

export const scoringUse = (seller: string, lender: string): ConsentUse => ({
  seller,
  lender,
  purpose: 'SCORING',
  dataKind: 'INVOICES',
});

export const sharingUse = (seller: string, lender: string): ConsentUse => ({
  seller,
  lender,
  purpose: 'SHARE_WITH_LENDER',
  dataKind: 'SCORES',
});

/** What party says of seller and consent. Refuses NAME_UNKNOWN. */
export async function askGround(
  party: PartyPort,
  tenant: Tenant,
  use: ConsentUse,
  signal?: AbortSignal,
): Promise<Ground> {
  const [standing, [consentFault]] = await Promise.all([
    party.sellerOf(tenant, use.seller, signal),
    party.consentFaults(tenant, [use], signal),
  ]);
  if (standing === undefined) throw refusals.NAME_UNKNOWN({ name: use.seller });
  return { consentFault, isBlocked: standing.isBlocked };
}

/** What a seller must have consented to before this caller sees a score of it; undefined: nothing. */
export const sharingUseOf = ({ kind, partner }: Caller, seller: string): ConsentUse | undefined =>
  kind === 'BANK' ? sharingUse(seller, partner) : undefined;

/** What keeps the seller's scores from a bank. */
export async function askSharing(
  party: PartyPort,
  tenant: Tenant,
  use: ConsentUse | undefined,
  signal?: AbortSignal,
): Promise<ConsentFault | undefined> {
  if (use === undefined) return undefined;
  const [fault] = await party.consentFaults(tenant, [use], signal);
  return fault;
}
