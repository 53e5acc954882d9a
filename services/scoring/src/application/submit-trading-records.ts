import { type Act, type Answer, type Caller, resourceUid, type Tenant } from '@lianbao/kernel';
import { type RecordOutcome, takeIn } from '../domain/intake.ts';
import { refusals } from '../domain/refusals.ts';
import { rollUp } from '../domain/roll-up.ts';
import type { TradingRecord } from '../domain/trading-record.ts';
import { originOf } from './origin.ts';
import type { Dependencies, Head, SellerStanding, Transaction } from './ports.ts';
import { askingWhenSilent, scoringUse, sharingUse, ViewSilent } from './standing.ts';

export interface Submission {
  readonly seller: string;
  readonly records: readonly TradingRecord[];
}

export interface Submitted {
  readonly seller: string;
  readonly records: readonly TradingRecord[];
  /** One a record, in the same order. */
  readonly outcomes: readonly RecordOutcome[];
  readonly watermark: bigint;
}

/** Who sends, and by which rpc. */
export type Sending = Pick<Act<Submitted>, 'caller' | 'method' | 'requestId' | 'signal'>;

const sourcesMax = 100;

/** What party says; undefined: there is no such seller. */
interface Told {
  readonly standing: SellerStanding | undefined;
  readonly mayBankRead: boolean;
}

/** Refuses NAME_UNKNOWN; of a bank without a live consent CALLER_NOT_ALLOWED, whether there is a seller or not. */
export const submitTradingRecords =
  (dependencies: Dependencies) =>
  (act: Act<Submitted>, submission: Submission): Promise<Answer> =>
    asked(dependencies, act, submission, (work) => dependencies.store.once(act, work));

/** The same for one message of a stream, which has no answer to keep. */
export const takeStreamedRecords =
  (dependencies: Dependencies) =>
  (message: Sending, submission: Submission): Promise<Submitted> =>
    asked(dependencies, message, submission, (work) =>
      dependencies.store.transact(message.caller.tenant, work),
    );

function asked<Result>(
  { party, clock }: Dependencies,
  act: Sending,
  submission: Submission,
  begin: (work: (tx: Transaction) => Promise<Submitted>) => Promise<Result>,
): Promise<Result> {
  const { caller, signal } = act;
  const { seller } = submission;
  const ask = async (): Promise<Told> => {
    const mayBankRead =
      caller.kind !== 'BANK' || (await isBankTold(party, caller.tenant, caller, seller, signal));
    return {
      standing: mayBankRead ? await party.sellerOf(caller.tenant, seller, signal) : undefined,
      mayBankRead,
    };
  };
  return askingWhenSilent<Told, Result>(
    (told) =>
      begin(async (tx) => {
        await requireBankConsent(tx, act, seller, clock(), told);
        const head = await headOf(tx, seller, told);
        return take(tx, act, clock(), head, submission);
      }),
    ask,
  );
}

async function isBankTold(
  party: Dependencies['party'],
  tenant: Tenant,
  { partner }: Caller,
  seller: string,
  signal: AbortSignal,
): Promise<boolean> {
  const uses = [scoringUse(seller, partner), sharingUse(seller, partner)];
  const faults = await party.consentFaults(tenant, uses, signal);
  return faults.includes(undefined);
}

async function requireBankConsent(
  tx: Transaction,
  { caller: { kind, partner }, method }: Sending,
  seller: string,
  now: Date,
  told: Told | undefined,
): Promise<void> {
  if (kind !== 'BANK') return;
  const uses = [scoringUse(seller, partner), sharingUse(seller, partner)];
  if (await tx.hasConsentInView(uses, now)) return;
  if (told === undefined) throw new ViewSilent();
  if (!told.mayBankRead) throw refusals.CALLER_NOT_ALLOWED({ method, cause: 'CONSENT_MISSING' });
}

/** The seller's head, locked; made with the first records of a seller that somebody knows. */
async function headOf(tx: Transaction, seller: string, told: Told | undefined): Promise<Head> {
  const head = await tx.lockHead(seller);
  if (head !== undefined) return head;
  if ((await tx.sellerInView(seller)) === undefined) {
    if (told === undefined) throw new ViewSilent();
    if (told.standing === undefined) throw refusals.NAME_UNKNOWN({ name: seller });
    await tx.rememberSeller(seller, told.standing);
  }
  return tx.openHead(seller);
}

async function take(
  tx: Transaction,
  act: Sending,
  now: Date,
  head: Head,
  { seller, records }: Submission,
): Promise<Submitted> {
  const known = await tx.knownRevisions(head, records);
  const intake = takeIn(records, known, head.watermark);
  const { outcomes, accepted, watermark } = intake;
  if (accepted.length > 0) {
    const sources = new Set([...head.sources, ...accepted.map(({ source }) => source)]);
    if (sources.size > sourcesMax) {
      throw refusals.QUOTA_EXCEEDED({ limit: `${sourcesMax} sources a seller` });
    }
    await tx.storeRecords(head, intake, rollUp(intake));
    const origin = originOf(act, now, resourceUid(act.caller.tenant, seller));
    await tx.recordsAdded(origin, seller, accepted, watermark);
  }
  return { seller, records, outcomes, watermark };
}
