import type { Tenant } from '@lianbao/kernel';
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

export interface ModelPage {
  readonly models: readonly ScoreModelVersion[];
  readonly hasMore: boolean;
}

/** `parent` empty: of all models. */
export const listModels =
  (store: Store) =>
  (
    tenant: Tenant,
    parent: string,
    page: { readonly size: number; readonly after: string | undefined },
  ): Promise<ModelPage> =>
    store.transact(tenant, async (tx) => {
      const found = await tx.modelsOf({ parent, after: page.after, limit: page.size + 1 });
      return { models: found.slice(0, page.size), hasMore: found.length > page.size };
    });
