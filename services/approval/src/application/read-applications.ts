import type { Caller, Slice, Sliced } from '@lianbao/kernel';
import type { Application } from '../domain/application.ts';
import type { Dependencies } from './dependencies.ts';
import { visible } from './ownership.ts';
import type { ApplicationFilter, EvidenceRow, Transaction } from './ports.ts';

/** An application with all evidence on it, of every round. */
export interface ShownApplication {
  readonly application: Application;
  readonly evidence: readonly EvidenceRow[];
}

export const shown = async (
  tx: Transaction,
  application: Application,
): Promise<ShownApplication> => ({
  application,
  evidence: await tx.evidenceOf(application.uid),
});

export const getApplication =
  ({ store }: Dependencies) =>
  (caller: Caller, name: string, method: string): Promise<ShownApplication> =>
    store.read(caller, async (tx) => {
      return shown(tx, visible(await tx.application(name), caller, name, method));
    });

export const listApplications =
  ({ store }: Dependencies) =>
  (caller: Caller, filter: ApplicationFilter, slice: Slice): Promise<Sliced<ShownApplication>> =>
    store.read(caller, async (tx) => {
      const { items, next } = await tx.applications(filter, slice);
      const evidence = await tx.evidenceOfMany(items.map(({ uid }) => uid));
      const withEvidence = items.map((application) => ({
        application,
        evidence: evidence.get(application.uid) ?? [],
      }));
      return { items: withEvidence, next };
    });
