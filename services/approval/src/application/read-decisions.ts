import { type Caller, idOf, parentOf, type Slice, type Sliced } from '@lianbao/kernel';
import type { Application } from '../domain/application.ts';
import type { Facts } from '../domain/decision/facts.ts';
import { refusals } from '../domain/refusals.ts';
import { type Difference, differencesIn, inputsOf, type Surroundings } from '../domain/replay.ts';
import type { Dependencies } from './dependencies.ts';
import { visible } from './ownership.ts';
import type { StoredRecord, Transaction } from './ports.ts';

export const getDecision =
  ({ store }: Dependencies) =>
  (caller: Caller, name: string, method: string): Promise<StoredRecord> =>
    store.read(caller, async (tx) => {
      const { uid } = await applicationOf(tx, caller, name, method);
      const stored = await tx.decision(uid, numberOf(name));
      if (stored === undefined) throw refusals.NAME_UNKNOWN({ name });
      return stored;
    });

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
      const application = await applicationOf(tx, caller, name, method);
      const number = numberOf(name);
      const text = await tx.decisionText(application.uid, number);
      if (text === undefined) throw refusals.NAME_UNKNOWN({ name });
      return differencesIn(text, ({ facts }) => surroundings(tx, application, number, facts));
    });

async function surroundings(
  tx: Transaction,
  application: Application,
  number: number,
  { product, policy }: Facts,
): Promise<Surroundings> {
  const { uid } = application;
  const evidence = await tx.evidenceOf(uid);
  return {
    product: await tx.productVersion(product.version),
    policy: await tx.storedPolicy(policy.version),
    offer: await tx.offerOfDecision(uid, number),
    inputs: inputsOf(application),
    evidenceHashes: evidence.flatMap(({ answer }) => answer?.contentHash ?? []),
  };
}

const numberMax = 2 ** 31 - 1;

/** Refuses a number that no decision has: 0, too large, or written with zeros before it. */
function numberOf(name: string): number {
  const number = Number(idOf(name));
  if (number < 1 || number > numberMax || String(number) !== idOf(name)) {
    throw refusals.NAME_UNKNOWN({ name });
  }
  return number;
}

async function applicationOf(
  tx: Transaction,
  caller: Caller,
  name: string,
  method: string,
): Promise<Application> {
  const parent = parentOf(name);
  return visible(await tx.application(parent), caller, parent, method);
}
