import { type Act, type Answer, type Clock, resourceUid } from '@lianbao/kernel';
import { refusals } from '../domain/refusals.ts';
import { promoted, type ScoreModelVersion } from '../domain/score-model.ts';
import type { Champions } from './champions.ts';
import { originOf } from './origin.ts';
import type { Store } from './ports.ts';

/** A third person; the champion before it retires in the same transaction. */
export const promoteModel =
  ({
    store,
    clock,
    models,
  }: {
    readonly store: Store;
    readonly clock: Clock;
    readonly models: Champions;
  }) =>
  (act: Act<ScoreModelVersion>, name: string): Promise<Answer> =>
    store.once(act, async (tx) => {
      await tx.lockChampion();
      const now = clock();
      const { tenant, person } = act.caller;
      const model = await tx.modelNamed(name, 'FOR_UPDATE');
      if (model === undefined) throw refusals.NAME_UNKNOWN({ name });
      const to = { ...promoted(model, person, act.etag), updatedAt: now };
      const { isCurrent } = await models.load(tx, to.artefactHash ?? '');
      if (!isCurrent)
        throw refusals.MODEL_NOT_VALIDATED({ model: name, failedChecks: 'FEATURE_SET' });
      const origin = originOf(act, now, resourceUid(tenant, name));
      const before = await tx.championModel();
      if (before !== undefined) {
        await tx.saveModel(origin, before, { ...before, state: 'RETIRED', updatedAt: now });
      }
      await tx.saveModel(origin, model, to);
      await tx.promoted(origin, to, before);
      return { ...to, revision: model.revision + 1 };
    });
