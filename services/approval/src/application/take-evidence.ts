import { resourceUid } from '@lianbao/kernel';
import { submitted, touched } from '../domain/application.ts';
import type { EvidenceAnswer, EvidenceKind } from '../domain/decision/evidence.ts';
import { hashed } from '../domain/decision/evidence.ts';
import { changedTask } from '../domain/task.ts';
import { decideApplication } from './decide-application.ts';
import type { Origin, Transaction } from './ports.ts';

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
  const application = await tx.lockApplication(resourceUid(tx.tenant, name));
  if (application?.frozen === undefined || application.round !== round) return;
  const waits = application.state === 'SUBMITTED';
  const { taken, rows } = await tx.takeEvidence(application.uid, {
    kind,
    round,
    state: waits ? answer.state : 'LATE',
    answer: hashed(answer),
    arriveTime: now,
  });
  if (!taken) return;
  if (waits) {
    if (rows.some(({ state }) => state === 'AWAITED')) return;
    await decideApplication(tx, origin, submitted(application), rows, now);
  } else if (application.state === 'REFERRED') {
    // Whoever decides acts on what it saw: the revision that it has to name has risen.
    await tx.saveApplication(application, touched(application, now));
    for (const task of await tx.lockWaitingTasks(application.uid)) {
      await tx.saveTask(task, changedTask(task, now, {}));
    }
    await tx.note(origin, {
      uid: application.uid,
      name,
      content: { evidence: kind, state: 'LATE', round },
    });
  }
}
