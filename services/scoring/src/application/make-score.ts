import {
  businessDayOf,
  type CalendarDate,
  madeUid,
  Refusal,
  resourceUid,
  type Tenant,
} from '@lianbao/kernel';
import { type Facts, factsOf } from '../domain/feature.ts';
import { derive, figuresOf, type Score, type ScoreInputs } from '../domain/score.ts';
import {
  recordFaults,
  type ScorePolicy,
  type ScoreRefusalReason,
} from '../domain/score-refusal.ts';
import { summarise } from '../domain/summary.ts';
import type { Champions, LoadedModel } from './champions.ts';
import type { Champion, Transaction } from './ports.ts';

export interface ScoreWish {
  readonly tenant: Tenant;
  readonly seller: string;
  readonly lender: string;
  readonly policy: ScorePolicy;
  readonly champion: Champion | undefined;
  readonly now: Date;
  /** What the score is made for: the same thing again has the same name. */
  readonly nameFor: (inputs: ScoreInputs) => { readonly cause: string; readonly round: number };
  readonly application: string | undefined;
}

/** The score, or every reason against it and the facts it was seen in. */
export type Made =
  | { readonly score: Score }
  | { readonly faults: readonly ScoreRefusalReason[]; readonly facts: Facts };

export async function makeScore(
  tx: Transaction,
  models: Champions,
  wish: ScoreWish,
): Promise<Made> {
  const { tenant, seller, lender, policy, champion, now, application } = wish;
  const asOf = businessDayOf(now);
  const current = (await tx.summaryNow(seller, asOf)) ?? nothing(asOf);
  const facts = factsOf(current.summary);
  const faults: ScoreRefusalReason[] = [...recordFaults(facts, policy)];
  if (champion === undefined) return { faults: [...faults, 'CHAMPION_MISSING'], facts };
  const model = await loadedOrFault(tx, models, champion.artefactHash);
  if (typeof model === 'string') return { faults: [...faults, model], facts };
  if (faults.length > 0) return { faults, facts };

  const inputs: ScoreInputs = {
    seller,
    lender,
    asOf,
    watermark: current.watermark,
    artefactHash: champion.artefactHash,
    ...figuresOf(facts),
  };
  const { cause, round } = wish.nameFor(inputs);
  const name = `${seller}/scores/${madeUid(tenant, seller, cause, round)}`;
  const score: Score = {
    ...inputs,
    ...derive(model.scorer, inputs),
    name,
    uid: resourceUid(tenant, name),
    application,
    round,
    modelVersion: champion.name,
    policyHash: policy.hash,
    createdAt: now,
    expiresAt: new Date(now.getTime() + policy.scoreAgeDaysMax * 86_400_000),
  };
  return { score };
}

const nothing = (asOf: CalendarDate) => ({ watermark: 0n, summary: summarise([], asOf, 0n) });

/** A champion of features that this release does not compute is none. */
async function loadedOrFault(
  tx: Transaction,
  models: Champions,
  hash: string,
): Promise<LoadedModel | ScoreRefusalReason> {
  try {
    const model = await models.load(tx, hash);
    return model.isCurrent ? model : 'CHAMPION_MISSING';
  } catch (error) {
    if (error instanceof Refusal && error.reason === 'ARTEFACT_CORRUPT') return 'ARTEFACT_CORRUPT';
    throw error;
  }
}
