/**
 * A stored artefact made ready for scoring, once it has proved itself: hash, points and PD table from
 * the numbers they came from, every embedded test vector.
 */
import { canonicalJson, sha256 } from '@lianbao/kernel';
import { type Artefact, artefactText, readLimitTable, schemaVersion } from './artefact.ts';
import type { Card } from './card.ts';
import { masterScale } from './master-scale.ts';
import { basePointsOf, pdPpmTable, pointScale, pointsOf } from './points.ts';
import { type Scorer, scorerOf } from './scorer.ts';
import { answered } from './test-vector.ts';

/** Never scores: what is stored is not what was approved. `failed` names each check, such as `VECTOR 17`. */
export class ArtefactCorrupt extends Error {
  readonly failed: readonly string[];
  constructor(failed: readonly string[]) {
    super(`artefact corrupt: ${failed.slice(0, 5).join(', ')}`);
    this.name = 'ArtefactCorrupt';
    this.failed = failed;
  }
}

/** `expectedHash` is lower-case hex, from where the approval is kept. */
export function compile(artefact: string | Artefact, expectedHash: string): Scorer {
  const text = typeof artefact === 'string' ? artefact : artefactText(artefact);
  const failed = sha256(text) === expectedHash ? [] : ['HASH'];
  let scorer: Scorer;
  try {
    const read = JSON.parse(text) as Artefact;
    if (read.schemaVersion !== schemaVersion) throw new ArtefactCorrupt(['SCHEMA_VERSION']);
    scorer = scorerOf(read.card, readLimitTable(read.limitTable));
    failed.push(...derivedWrong(read.card));
    failed.push(...vectorsWrong(read, scorer));
  } catch (error) {
    if (error instanceof ArtefactCorrupt) throw error;
    throw new ArtefactCorrupt([...failed, 'SHAPE']);
  }
  if (failed.length > 0) throw new ArtefactCorrupt(failed);
  return scorer;
}

function derivedWrong(card: Card): string[] {
  const wrong: string[] = [];
  const scale = pointScale(card.scale);
  if (scale.factor !== card.scale.factor || scale.offset !== card.scale.offset) wrong.push('SCALE');
  if (basePointsOf(scale, card.intercept) !== card.basePoints) wrong.push('BASE_POINTS');
  let low = card.basePoints;
  let high = card.basePoints;
  for (const { id, bins, coefficient, bestPoints } of card.features) {
    const points = bins.map((bin) => bin.points);
    for (const [at, { weight }] of bins.entries()) {
      if (pointsOf(scale, coefficient, weight) !== points[at]) wrong.push(`POINTS ${id} ${at}`);
    }
    const regular = bins.filter(({ kind }) => kind === 'REGULAR').map((bin) => bin.points);
    if (Math.max(...regular) !== bestPoints) wrong.push(`BEST_POINTS ${id}`);
    low += Math.min(...points);
    high += Math.max(...points);
  }
  if (low !== card.scoreMin || high !== card.scoreMax) wrong.push('SCORE_RANGE');
  const table = pdPpmTable(scale, card.residual, card.scoreMin, card.scoreMax);
  if (canonicalJson(table) !== canonicalJson(card.pdPpmByScore)) wrong.push('PD_TABLE');
  if (canonicalJson(card.masterScale) !== canonicalJson(masterScale)) wrong.push('MASTER_SCALE');
  return wrong;
}

function vectorsWrong({ testVectors }: Artefact, scorer: Scorer): string[] {
  return testVectors
    .map((vector, at) => {
      const again = canonicalJson(answered(scorer, vector.values));
      return again === canonicalJson(vector) ? '' : `VECTOR ${at}`;
    })
    .filter((name) => name !== '');
}
