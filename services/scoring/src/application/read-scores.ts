import { type Caller, parentOf, type Slice, type Sliced } from '@lianbao/kernel';
import type { Contribution } from '@lianbao/scorecard';
import { factsOf } from '../domain/feature.ts';
import { refusals } from '../domain/refusals.ts';
import { type Difference, replayFromInputs, replayFromRecords } from '../domain/replay.ts';
import type { Score } from '../domain/score.ts';
import type { ConsentFault } from '../domain/score-refusal.ts';
import { type Champions, proved } from './champions.ts';
import type { Dependencies, Transaction } from './ports.ts';
import { askingWhenSilent, askSharing, sharingUseOf, ViewSilent } from './standing.ts';

/** Who asks for what is there, and by which rpc. */
export interface Asking {
  readonly caller: Caller;
  readonly method: string;
  readonly signal: AbortSignal;
}

type Reading = Dependencies & { readonly models: Champions };

/** Reads of one seller. A bank must be one that the seller lets have its scores now, or CALLER_NOT_ALLOWED. */
function read<Result>(
  { store, party, clock }: Dependencies,
  { caller, method, signal }: Asking,
  seller: string,
  work: (tx: Transaction) => Promise<Result>,
): Promise<Result> {
  const sharing = sharingUseOf(caller, seller);
  return askingWhenSilent<{ readonly fault: ConsentFault | undefined }, Result>(
    (told) =>
      store.transact(caller.tenant, async (tx) => {
        if (sharing !== undefined && !(await tx.hasConsentInView([sharing], clock()))) {
          if (told === undefined) throw new ViewSilent();
          if (told.fault !== undefined) {
            throw refusals.CALLER_NOT_ALLOWED({ method, cause: 'CONSENT_MISSING' });
          }
        }
        return work(tx);
      }),
    async () => ({ fault: await askSharing(party, caller.tenant, sharing, signal) }),
  );
}

/** A bank may see the scores that were made for it, and learns of no other whether it exists. */
const readScore = <Result>(
  dependencies: Dependencies,
  asking: Asking,
  name: string,
  work: (tx: Transaction, score: Score) => Promise<Result>,
): Promise<Result> =>
  read(dependencies, asking, parentOf(name), async (tx) => {
    const { kind, partner } = asking.caller;
    const score = await tx.scoreNamed(name);
    if (kind === 'BANK' && score?.lender !== partner) {
      throw refusals.CALLER_NOT_ALLOWED({ method: asking.method, cause: 'NOT_OWN' });
    }
    if (score === undefined) throw refusals.NAME_UNKNOWN({ name });
    return work(tx, score);
  });

export const getScore =
  (dependencies: Dependencies) =>
  (asking: Asking, name: string): Promise<Score> =>
    readScore(dependencies, asking, name, async (_, score) => score);

export const listScores =
  (dependencies: Dependencies) =>
  (asking: Asking, seller: string, slice: Slice): Promise<Sliced<Score>> => {
    const { kind, partner } = asking.caller;
    const lender = kind === 'BANK' ? partner : undefined;
    return read(dependencies, asking, seller, (tx) => tx.scoresOf({ seller, lender }, slice));
  };

export interface Explanation {
  readonly score: Score;
  readonly basePoints: number;
  readonly contributions: readonly Contribution[];
}

/** From the model that made the score. Refuses ARTEFACT_CORRUPT. */
export const explainScore =
  ({ models, ...dependencies }: Reading) =>
  (asking: Asking, name: string): Promise<Explanation> =>
    readScore(dependencies, asking, name, async (tx, score) => {
      const { scorer } = await models.load(tx, score.artefactHash);
      const { basePoints, contributions } = scorer.score(Float64Array.from(score.vector));
      return { score, basePoints, contributions };
    });

/**
 * The artefact is read and proved anew. From the records only where this release computes the features of
 * the score's model, and while they are there. Refuses ARTEFACT_CORRUPT.
 */
export const replayScore =
  (dependencies: Dependencies) =>
  (asking: Asking, name: string): Promise<readonly Difference[]> =>
    readScore(dependencies, asking, name, async (tx, score) => {
      const { artefactHash, asOf, watermark } = score;
      const { scorer, isCurrent } = proved(await tx.artefact(artefactHash), artefactHash);
      const fromInputs = replayFromInputs(score, scorer);
      const summary = isCurrent
        ? await tx.summaryAt(parentOf(score.name), asOf, watermark)
        : undefined;
      if (summary === undefined) return fromInputs;
      return [...fromInputs, ...replayFromRecords(score, factsOf(summary))];
    });
