/** The compiled models, by the hash that was approved. Each is proved at every load, then kept. */
import { ArtefactCorrupt, compile, type Scorer } from '@lianbao/scorecard';
import { featureSetVersion } from '../domain/feature.ts';
import { refusals } from '../domain/refusals.ts';
import type { Transaction } from './ports.ts';

export interface Champions {
  /** Refuses ARTEFACT_CORRUPT, naming the checks that failed. */
  scorerOf(tx: Pick<Transaction, 'artefact'>, hash: string): Promise<Scorer>;
}

const keptMax = 16;

export function champions(): Champions {
  const kept = new Map<string, Scorer>();
  return {
    scorerOf: async (tx, hash) => {
      const known = kept.get(hash);
      if (known !== undefined) return known;
      const scorer = proved(await tx.artefact(hash), hash);
      const [oldest] = kept.keys();
      if (kept.size >= keptMax && oldest !== undefined) kept.delete(oldest);
      kept.set(hash, scorer);
      return scorer;
    },
  };
}

/** Checks hash, points and test vectors, and that the features are those of this release. */
export function proved(text: string | undefined, hash: string): Scorer {
  const failed = (failedChecks: readonly string[]) =>
    refusals.ARTEFACT_CORRUPT({
      artefactHash: hash,
      failedChecks: failedChecks.slice(0, 10).join(', '),
    });
  if (text === undefined) throw failed(['MISSING']);
  try {
    const scorer = compile(text, hash);
    const { provenance } = JSON.parse(text) as { provenance?: { featureSetVersion?: string } };
    if (provenance?.featureSetVersion !== featureSetVersion) throw failed(['FEATURE_SET']);
    return scorer;
  } catch (error) {
    if (error instanceof ArtefactCorrupt) throw failed(error.failed);
    throw error;
  }
}
