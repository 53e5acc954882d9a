import type { Slice, Sliced, Tenant } from '@lianbao/kernel';
import { refusals } from '../domain/refusals.ts';
import type { ScoreModelVersion } from '../domain/score-model.ts';
import type { Store } from './ports.ts';

export const getModel =
  (store: Store) =>
  (tenant: Tenant, name: string): Promise<ScoreModelVersion> =>
    store.transact(tenant, async (tx) => {
      const model = await tx.modelNamed(name);
      if (model === undefined) throw refusals.NAME_UNKNOWN({ name });
      return model;
    });

/** `parent` empty: of all models. */
export const listModels =
  (store: Store) =>
  (tenant: Tenant, parent: string, slice: Slice): Promise<Sliced<ScoreModelVersion>> =>
    store.transact(tenant, (tx) => tx.modelsOf(parent, slice));
