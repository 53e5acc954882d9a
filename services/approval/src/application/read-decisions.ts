import { type Caller, idOf, parentOf, type Slice, type Sliced } from '@lianbao/kernel';
import type { Application } from '../domain/application.ts';
import type { Facts } from '../domain/decision/facts.ts';
import type { Difference } from '../domain/difference.ts';
import { refusals } from '../domain/refusals.ts';
import { differencesIn, inputsOf, type Surroundings } from '../domain/replay.ts';
import { isWaiting } from '../domain/task.ts';
import type { Dependencies } from './dependencies.ts';
import { visible } from './ownership.ts';
import type { StoredDecisionRow, StoredRecord, Transaction } from './ports.ts';
import { taskNameOf } from './record-decision.ts';

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
      const stored = await tx.decisionRow(application.uid, number);
      if (stored === undefined) throw refusals.NAME_UNKNOWN({ name });
      return differencesIn(stored, ({ facts }) => surroundings(tx, application, stored, facts));
    });

async function surroundings(
  tx: Transaction,
  application: Application,
  { row, lastNumber }: StoredDecisionRow,
  { product, policy }: Facts,
): Promise<Surroundings> {
  const { uid } = application;
  const offer = await readable(tx.offerOfDecision(uid, row.number));
  const task = await tx.task(taskNameOf(tx.tenant, application));
  return {
    product: await readable(tx.productVersion(product.version)),
    policy: await tx.storedPolicy(policy.version),
    offer,
    inputs: inputsOf(application),
    rows: {
      decision: row,
      lastNumber,
      application,
      offerState: offer?.state,
      taskWaits: task !== undefined && isWaiting(task),
      evidence: await tx.storedEvidence(uid),
    },
  };
}

/** Undefined when what is stored is no longer such a thing: its absence shows. */
async function readable<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof TypeError || error instanceof SyntaxError) return undefined;
    throw error;
  }
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
