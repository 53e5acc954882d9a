import { type Act, type Answer, type Clock, Refusal, resourceUid } from '@lianbao/kernel';
import { refusals } from '../domain/refusals.ts';
import { type ScoreModelVersion, validated } from '../domain/score-model.ts';
import { sampleHash, type TrainingSample } from '../domain/training.ts';
import { type LoadedModel, proved } from './champions.ts';
import { originOf } from './origin.ts';
import type { Store, Transaction } from './ports.ts';

/**
 * A second person accepts the report. The artefact proves itself anew, and the sample has to be the one
 * it was trained on; what fails refuses MODEL_NOT_VALIDATED and changes nothing.
 */
export const validateModel =
  ({ store, clock }: { readonly store: Store; readonly clock: Clock }) =>
  (act: Act<ScoreModelVersion>, name: string): Promise<Answer> =>
    store.once(act, async (tx) => {
      const now = clock();
      const { tenant, person } = act.caller;
      const model = await tx.modelNamed(name, 'FOR_UPDATE');
      if (model === undefined) throw refusals.NAME_UNKNOWN({ name });
      const failed = model.state === 'DRAFT' ? await failedChecks(tx, model) : [];
      const to = { ...validated(model, person, act.etag, failed), updatedAt: now };
      await tx.saveModel(originOf(act, now, resourceUid(tenant, name)), model, to);
      return { ...to, revision: model.revision + 1 };
    });

async function failedChecks(tx: Transaction, model: ScoreModelVersion): Promise<readonly string[]> {
  const { name, asOf, centralTendencyPpm, artefactHash = '' } = model;
  const loaded = await provedOrFailed(tx, artefactHash);
  if ('failed' in loaded) return loaded.failed;
  if (!loaded.isCurrent) return ['FEATURE_SET'];
  const labels = await tx.labelsOf(name);
  if (labels.some(({ vector }) => vector === undefined)) return ['SAMPLE'];
  const sample = { asOf, centralTendencyPpm, labels } as TrainingSample;
  return sampleHash(sample) === loaded.dataHash ? [] : ['SAMPLE'];
}

async function provedOrFailed(
  tx: Transaction,
  hash: string,
): Promise<LoadedModel | { readonly failed: readonly string[] }> {
  try {
    return proved(await tx.artefact(hash), hash);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { failed: [error.facts.failedChecks ?? 'ARTEFACT'] };
  }
}
