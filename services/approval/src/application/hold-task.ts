/** What the holder of a lease does with its task. */
import { type Act, type Answer, originOfAct, resourceUid } from '@lianbao/kernel';
import { refusals } from '../domain/refusals.ts';
import {
  acknowledged,
  isWaiting,
  leaseExtended,
  notAllowed,
  requireLease,
  type Task,
} from '../domain/task.ts';
import type { Dependencies } from './dependencies.ts';
import type { Transaction } from './ports.ts';
import type { ShownTask } from './task-ports.ts';

/** Said twice by the same holder it is one acknowledgement. */
export const acknowledgeTask =
  ({ store, clock }: Dependencies) =>
  (act: Act<ShownTask>, name: string, token: string): Promise<Answer> => {
    const now = clock();
    return store.once(act, now, async (tx) => {
      const task = await lock(tx, name);
      if (!isWaiting(task)) {
        requireLease(task, token, now);
        throw notAllowed(task, 'LEASED');
      }
      const next = acknowledged(task, token, now);
      if (next === task) return task;
      await tx.saveTask(task, next);
      await tx.clearTimer('TASK_LEASE', task.uid);
      const shown = { ...task, ...next };
      await tx.say(originOfAct(act, now, task.target), {
        type: 'LenderTaskAcknowledged',
        task: shown,
      });
      return shown;
    });
  };

export const extendTaskLease =
  ({ store, clock }: Dependencies) =>
  (act: Act<ShownTask>, name: string, token: string, seconds: number): Promise<Answer> => {
    const now = clock();
    return store.once(act, now, async (tx) => {
      const task = await lock(tx, name);
      const next: Task = leaseExtended(task, token, seconds, now);
      await tx.saveTask(task, next);
      if (next.lease !== undefined) {
        await tx.setTimer('TASK_LEASE', task.uid, next.lease.expireTime);
      }
      await tx.note(originOfAct(act, now, task.target), {
        uid: task.uid,
        name,
        content: { leaseExtended: next.lease?.expireTime.toISOString() ?? '' },
      });
      return { ...task, ...next };
    });
  };

/**
 * The decision itself ends the task, so there is nothing left to do for one that has ended; one whose
 * application still waits is refused.
 */
export const completeTask =
  ({ store, clock }: Dependencies) =>
  (act: Act<ShownTask>, name: string, token: string): Promise<Answer> => {
    const now = clock();
    return store.once(act, now, async (tx) => {
      const task = await lock(tx, name);
      requireLease(task, token, now);
      if (isWaiting(task)) throw notAllowed(task, 'DONE', 'CANCELLED');
      return task;
    });
  };

async function lock(tx: Transaction, name: string): Promise<ShownTask> {
  const task = await tx.lockTask(resourceUid(tx.tenant, name));
  if (task === undefined) throw refusals.NAME_UNKNOWN({ name });
  return task;
}
