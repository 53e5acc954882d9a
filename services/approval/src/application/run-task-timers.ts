import type { Uid } from '@lianbao/kernel';
import { changedTask, isWaiting, leaseEnded, leasesBeforeAlarm } from '../domain/task.ts';
import type { Dependencies } from './dependencies.ts';
import { timerOrigin } from './origin.ts';
import type { Transaction } from './ports.ts';

/** The task stays where it is; it is marked, and the operator's list shows it. */
export async function markOverdue(tx: Transaction, uid: Uid, now: Date): Promise<void> {
  const task = await tx.lockTask(uid);
  if (task === undefined || !isWaiting(task) || task.overdue) return;
  const overdue = changedTask(task, now, { overdue: true });
  await tx.saveTask(task, overdue);
  await tx.say(timerOrigin('TaskOverdue', task.target, now), {
    type: 'LenderTaskOverdue',
    task: overdue,
  });
}

/** Gives the task back; after the fifth time an operator is told, by log and metric. */
export const endLease =
  ({ log, meter }: Pick<Dependencies, 'log' | 'meter'>) =>
  async (tx: Transaction, uid: Uid, now: Date): Promise<void> => {
    const task = await tx.lockTask(uid);
    const open = task && leaseEnded(task, now);
    if (task === undefined || open === undefined) return;
    await tx.saveTask(task, open);
    await tx.note(timerOrigin('TaskLeaseEnd', task.target, now), {
      uid: task.uid,
      name: task.name,
      content: { state: open.state, attempt: open.attempt },
    });
    if (open.attempt < leasesBeforeAlarm) return;
    const { name, lender, attempt } = task;
    log.warn({ task: name, lender, attempt }, 'a task was leased again and again and not stored');
    meter.count('lender_task_leases_lost_total', { lender });
  };
