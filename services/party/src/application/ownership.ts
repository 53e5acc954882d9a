/** What is the caller's, where the access table cannot say: a bank sees those it deals with. */
import { type Caller, commonRefusals } from '@lianbao/kernel';
import type { LenderName, PlatformName, SellerName } from '../domain/names.ts';
import type { Transaction } from './ports.ts';

/** The same refusal as that of the layer before, so that nobody learns what exists. */
export const notOwn = (method: string) =>
  commonRefusals.CALLER_NOT_ALLOWED({ method, cause: 'NOT_OWN' });

/** Refuses a bank that has not whitelisted the platform. */
export async function requireDealings(
  tx: Transaction,
  caller: Caller,
  platform: PlatformName,
  method: string,
): Promise<void> {
  if (caller.kind !== 'BANK') return;
  const lender = await tx.lender(caller.partner as LenderName);
  if (!lender?.whitelist.includes(platform)) throw notOwn(method);
}

/** Whether the caller may see all that is on file of a seller: a bank while a consent of it names the bank. */
export const isConfidedIn = async (
  tx: Transaction,
  { kind, partner }: Caller,
  seller: SellerName,
  now: Date,
): Promise<boolean> =>
  kind !== 'BANK' || tx.isNamedByLiveConsent(seller, partner as LenderName, now);
