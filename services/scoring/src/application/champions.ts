/** The compiled models, by the hash that was approved. Each is proved at every load, then kept. */
import { type Log, Refusal } from '@lianbao/kernel';
import { ArtefactCorrupt, compile, type Scorer } from '@lianbao/scorecard';
import { featureSetVersion } from '../domain/feature.ts';
import { refusals } from '../domain/refusals.ts';
import type { Transaction } from './ports.ts';

export interface LoadedModel {
  readonly scorer: Scorer;
  /** Of the features that this release computes; an older model replays its own scores only. */
  readonly isCurrent: boolean;
  /** SHA-256 of the sample it was trained on. */
  readonly dataHash: string;
}

export interface Champions {
  /** Refuses ARTEFACT_CORRUPT, naming the checks that failed. */
  load(tx: Pick<Transaction, 'artefact'>, hash: string): Promise<LoadedModel>;
}

const keptMax = 16;

export function champions(log: Log): Champions {
  const kept = new Map<string, LoadedModel>();
  return {
    load: async (tx, hash) => {
      const known = kept.get(hash);
      if (known !== undefined) return known;
      const model = provedOrLogged(await tx.artefact(hash), hash, log);
      const [oldest] = kept.keys();
      if (kept.size >= keptMax && oldest !== undefined) kept.delete(oldest);
      kept.set(hash, model);
      return model;
    },
  };
}

function provedOrLogged(text: string | undefined, hash: string, log: Log): LoadedModel {
  try {
    return proved(text, hash);
  } catch (error) {
    if (error instanceof Refusal) log.error({ ...error.facts }, 'a stored model is corrupt');
    throw error;
  }
}

/** Checks the artefact's hash, its points and its test vectors. Refuses ARTEFACT_CORRUPT. */
export function proved(text: string | undefined, hash: string): LoadedModel {
  const corrupt = (failed: readonly string[]) =>
    refusals.ARTEFACT_CORRUPT({
      artefactHash: hash,
      failedChecks: failed.slice(0, 10).join(', '),
    });
  if (text === undefined) throw corrupt(['MISSING']);
  try {
    const scorer = compile(text, hash);
    const { provenance } = JSON.parse(text) as {
      provenance: { featureSetVersion: string; dataHash: string };
    };
    const isCurrent = provenance.featureSetVersion === featureSetVersion;
    return { scorer, isCurrent, dataHash: provenance.dataHash };
  } catch (error) {
    if (error instanceof ArtefactCorrupt) throw corrupt(error.failed);
    throw error;
  }
}
