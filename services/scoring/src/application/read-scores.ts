import { type Caller, parentOf, type Slice, type Sliced } from '@lianbao/kernel';
import type { Contribution } from '@lianbao/scorecard';
import { factsOf } from '../domain/feature.ts';
import { refusals } from '../domain/refusals.ts';
import { type Difference, replayFromInputs, replayFromRecords } from '../domain/replay.ts';
import type { Score } from '../domain/score.ts';
import { type Champions, proved } from './champions.ts';
import type { Store, Transaction } from './ports.ts';

/** Who asks for what is there, and by which rpc. */
export interface Asking {
  readonly caller: Caller;
  readonly method: string;
}

interface Reading {
  readonly store: Store;
  readonly models: Champions;
}

/** A bank may see the scores that were made for it, and learns of no other whether it exists. */
async function scoreFor(
  tx: Transaction,
  { caller: { kind, partner }, method }: Asking,
  name: string,
): Promise<Score> {
  const score = await tx.scoreNamed(name);
  if (kind === 'BANK' && score?.lender !== partner) {
    throw refusals.CALLER_NOT_ALLOWED({ method, cause: 'NOT_OWN' });
  }
  if (score === undefined) throw refusals.NAME_UNKNOWN({ name });
  return score;
}

export const getScore =
  ({ store }: Reading) =>
  (asking: Asking, name: string): Promise<Score> =>
    store.transact(asking.caller.tenant, (tx) => scoreFor(tx, asking, name));

export const listScores =
  ({ store }: Reading) =>
  (
    { caller: { tenant, kind, partner } }: Asking,
    seller: string,
    slice: Slice,
  ): Promise<Sliced<Score>> => {
    const lender = kind === 'BANK' ? partner : undefined;
    return store.transact(tenant, (tx) => tx.scoresOf({ seller, lender }, slice));
  };

export interface Explanation {
  readonly score: Score;
  readonly basePoints: number;
  readonly contributions: readonly Contribution[];
}

/** From the model that made the score. Refuses ARTEFACT_CORRUPT. */
export const explainScore =
  ({ store, models }: Reading) =>
  (asking: Asking, name: string): Promise<Explanation> =>
    store.transact(asking.caller.tenant, async (tx) => {
      const score = await scoreFor(tx, asking, name);
      const { scorer } = await models.load(tx, score.artefactHash);
      const { basePoints, contributions } = scorer.score(Float64Array.from(score.vector));
      return { score, basePoints, contributions };
    });

/**
 * The artefact is read and proved anew. From the records only where this release computes the features of
 * the score's model, and while they are there. Refuses ARTEFACT_CORRUPT.
 */
export const replayScore =
  ({ store }: Pick<Reading, 'store'>) =>
  (asking: Asking, name: string): Promise<readonly Difference[]> =>
    store.transact(asking.caller.tenant, async (tx) => {
      const score = await scoreFor(tx, asking, name);
      const { artefactHash, asOf, watermark } = score;
      const { scorer, isCurrent } = proved(await tx.artefact(artefactHash), artefactHash);
      const fromInputs = replayFromInputs(score, scorer);
      const summary = isCurrent
        ? await tx.summaryAt(parentOf(score.name), asOf, watermark)
        : undefined;
      if (summary === undefined) return fromInputs;
      return [...fromInputs, ...replayFromRecords(score, factsOf(summary))];
    });
