import { type Caller, idOf, parentOf } from '@lianbao/kernel';
import type { Application } from '../domain/application.ts';
import { refusals } from '../domain/refusals.ts';
import { type Difference, differencesOf } from '../domain/replay.ts';
import type { Dependencies } from './dependencies.ts';
import { visible } from './ownership.ts';
import type { Slice, Sliced, StoredRecord, Transaction } from './ports.ts';

export const getDecision =
  ({ store }: Dependencies) =>
  (caller: Caller, name: string, method: string): Promise<StoredRecord> =>
    store.read(caller, async (tx) => (await find(tx, caller, name, method)).stored);

export const listDecisions =
  ({ store }: Dependencies) =>
  (caller: Caller, parent: string, slice: Slice, method: string): Promise<Sliced<StoredRecord>> =>
    store.read(caller, async (tx) => {
      const application = visible(await tx.application(parent), caller, parent, method);
      return tx.decisions(application.uid, slice);
    });

/** Decides again from what is stored now, all of it read anew, and names what differs. */
export const replayDecision =
  ({ store }: Dependencies) =>
  (caller: Caller, name: string, method: string): Promise<readonly Difference[]> =>
    store.read(caller, async (tx) => {
      const { application, stored } = await find(tx, caller, name, method);
      const { facts, record } = stored;
      const product = await tx.productVersion(facts.product.version);
      const policy = await tx.storedPolicy(facts.policy.version);
      const offer = await tx.offerOfDecision(application.uid, record.number);
      const evidence = await tx.evidenceOf(application.uid);
      return differencesOf({
        facts,
        record,
        product,
        policy,
        offer,
        inputsHash: application.frozen?.inputsHash,
        evidenceHashes: evidence.flatMap(({ answer }) => answer?.contentHash ?? []),
      });
    });

const numberMax = 2 ** 31 - 1;

async function find(
  tx: Transaction,
  caller: Caller,
  name: string,
  method: string,
): Promise<{ readonly application: Application; readonly stored: StoredRecord }> {
  const parent = parentOf(name);
  const application = visible(await tx.application(parent), caller, parent, method);
  const number = Number(idOf(name));
  const stored =
    number <= numberMax && String(number) === idOf(name)
      ? await tx.decision(application.uid, number)
      : undefined;
  if (stored === undefined) throw refusals.NAME_UNKNOWN({ name });
  return { application, stored };
}
