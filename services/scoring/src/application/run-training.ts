import { type Clock, type Log, type Origin, resourceUid, type Tenant } from '@lianbao/kernel';
import { TrainingDataUnfit } from '@lianbao/scorecard';
import { factsOf, vectorOf } from '../domain/feature.ts';
import type { ScoreModelVersion } from '../domain/score-model.ts';
import type { TrainedModel, TrainingSample } from '../domain/training.ts';
import { proved } from './champions.ts';
import type { Store, StoredLabel, Trainer } from './ports.ts';

const vectorsAtOnce = 50;

/**
 * Trains what TrainModel noted; TRAINING becomes DRAFT, or FAILED when the sample cannot carry a model.
 * Killed at any point it begins again and comes to the same bytes: a vector is of its label's watermark.
 */
export const runTraining =
  ({
    store,
    trainer,
    clock,
    log,
  }: {
    readonly store: Store;
    readonly trainer: Trainer;
    readonly clock: Clock;
    readonly log: Log;
  }) =>
  async (tenant: Tenant, name: string, signal: AbortSignal): Promise<void> => {
    const model = await store.transact(tenant, (tx) => tx.modelNamed(name));
    if (model?.state !== 'TRAINING') return;
    const sample = await sampleOf(store, tenant, model, signal);
    const outcome = await outcomeOf(() => trainer.train(sample, signal));
    const now = clock();
    const origin: Origin = {
      time: now,
      actor: 'scoring',
      cause: 'train-model',
      causationId: name,
      correlationId: resourceUid(tenant, name),
    };
    await store.transact(tenant, async (tx) => {
      const from = await tx.modelNamed(name, 'FOR_UPDATE');
      if (from?.state !== 'TRAINING') return; // Another run was quicker.
      if ('failure' in outcome) {
        const { failure } = outcome;
        await tx.saveModel(origin, from, { ...from, state: 'FAILED', failure, updatedAt: now });
        return;
      }
      const { artefactText, artefactHash, report } = outcome.trained;
      proved(artefactText, artefactHash);
      await tx.insertArtefact(artefactHash, artefactText);
      const to = { ...from, state: 'DRAFT', artefactHash, report, updatedAt: now } as const;
      await tx.saveModel(origin, from, to);
    });
    log.info({ tenant, model: name, ...failureIn(outcome) }, 'training ended');
  };

type Outcome = { readonly trained: TrainedModel } | { readonly failure: string };

const failureIn = (outcome: Outcome) => ('failure' in outcome ? { failure: outcome.failure } : {});

async function outcomeOf(train: () => Promise<TrainedModel>): Promise<Outcome> {
  try {
    return { trained: await train() };
  } catch (error) {
    if (error instanceof TrainingDataUnfit) return { failure: error.why };
    throw error;
  }
}

/** Computes the vectors that are not stored yet, some sellers a transaction. */
async function sampleOf(
  store: Store,
  tenant: Tenant,
  { name, asOf, centralTendencyPpm }: ScoreModelVersion,
  signal: AbortSignal,
): Promise<TrainingSample> {
  for (;;) {
    signal.throwIfAborted();
    const labels = await store.transact(tenant, (tx) => tx.labelsOf(name));
    const next = labels.filter(({ vector }) => vector === undefined).slice(0, vectorsAtOnce);
    if (next.length === 0) return { asOf, centralTendencyPpm, labels: labels as Complete[] };
    await store.transact(tenant, async (tx) => {
      const vectors = new Map<number, readonly number[]>();
      for (const { place, seller, watermark } of next) {
        const now = await tx.summaryNow(seller, asOf);
        const summary =
          now?.watermark === watermark ? now.summary : await tx.summaryAt(seller, asOf, watermark);
        if (summary === undefined) throw new Error(`the records of ${seller} are gone`);
        vectors.set(place, [...vectorOf(factsOf(summary))]);
      }
      await tx.storeVectors(name, vectors);
    });
  }
}

type Complete = StoredLabel & { readonly vector: readonly number[] };
