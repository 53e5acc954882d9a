import type { Uid } from '@lianbao/kernel';
import { expire, submitted } from '../domain/application.ts';
import { closeApplication } from './close-application.ts';
import { decideApplication } from './decide-application.ts';
import { monthOf } from './deciding.ts';
import { timerOrigin } from './origin.ts';
import type { Transaction } from './ports.ts';

/** Does what the application's state waits for: past its deadline it is decided on what is there. */
export async function runApplicationTimer(tx: Transaction, uid: Uid, now: Date): Promise<void> {
  const application = await tx.lockApplication(uid);
  if (application === undefined) return;
  const { name, state } = application;
  if (state === 'SUBMITTED') {
    const { evidenceDueTime } = submitted(application);
    if (evidenceDueTime.getTime() > now.getTime()) {
      await tx.setTimer('APPLICATION', uid, evidenceDueTime);
      return;
    }
    const origin = timerOrigin('EvidenceDeadline', name, now);
    const ground = await tx.decidingGround(uid, monthOf(now));
    if (ground !== undefined) await decideApplication(tx, origin, { ground, now });
    return;
  }
  const expired = expire(application, now);
  if (expired === undefined) return;
  const cause = state === 'DRAFT' ? 'DraftExpiry' : 'OfferExpiry';
  await closeApplication(tx, timerOrigin(cause, name, now), application, expired, now);
}
