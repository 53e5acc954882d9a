import { type Origin, resourceUid } from '@lianbao/kernel';
import { type Application, touched } from '../domain/application.ts';
import { type EvidenceAnswer, type EvidenceKind, hashed } from '../domain/decision/evidence.ts';
import { changedTask } from '../domain/task.ts';
import { decideApplication } from './decide-application.ts';
import { monthOf } from './deciding.ts';
import type { ArrivedRow, Transaction } from './ports.ts';

export interface ArrivedEvidence {
  /** Resource name. */
  readonly application: string;
  readonly round: number;
  readonly kind: EvidenceKind;
  readonly answer: EvidenceAnswer;
}

/**
 * Stores one piece of evidence that an event brought. Whoever brings the last piece awaited decides,
 * under the application's row lock, so two arriving at once cannot both think they are not last.
 * Repeated, or of another round, it changes nothing; late, it is shown and decides nothing.
 */
export async function takeEvidence(
  tx: Transaction,
  origin: Origin,
  { application: name, round, kind, answer }: ArrivedEvidence,
  now: Date,
): Promise<void> {
  const ground = await tx.decidingGround(resourceUid(tx.tenant, name), monthOf(now));
  if (ground === undefined) return;
  const { application } = ground;
  const awaited = ground.evidence.find(
    (row) => row.kind === kind && row.round === round && row.state === 'AWAITED',
  );
  if (application.round !== round || awaited === undefined) return;
  const waits = application.state === 'SUBMITTED';
  const arrived: ArrivedRow = {
    kind,
    round,
    state: waits ? answer.state : 'LATE',
    answer: hashed(answer),
    arriveTime: now,
  };
  const evidence = ground.evidence.map((row) => (row === awaited ? arrived : row));
  if (waits && evidence.every(({ state }) => state !== 'AWAITED')) {
    await decideApplication(tx, origin, { ground: { ...ground, evidence }, arrived, now });
    return;
  }
  await tx.saveEvidence(application.uid, arrived);
  if (application.state === 'REFERRED') await showLate(tx, origin, application, kind, now);
}

/** Whoever decides acts on what it saw: the revision that it has to name rises. */
async function showLate(
  tx: Transaction,
  origin: Origin,
  application: Application,
  kind: EvidenceKind,
  now: Date,
): Promise<void> {
  await tx.saveApplication(application, touched(application, now));
  for (const task of await tx.lockWaitingTasks(application.uid)) {
    await tx.saveTask(task, changedTask(task, now, {}));
  }
  await tx.note(origin, {
    uid: application.uid,
    name: application.name,
    content: { evidence: kind, state: 'LATE', round: application.round },
  });
}
