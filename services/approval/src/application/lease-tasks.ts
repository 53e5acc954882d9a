import { type Act, type Answer, originOfAct } from '@lianbao/kernel';
import { secondsAfter } from '../domain/application.ts';
import { leased, type TaskKind } from '../domain/task.ts';
import type { Dependencies } from './dependencies.ts';
import type { ShownTask } from './task-ports.ts';

interface LeaseAsked {
  readonly lender: string;
  /** Empty: any. */
  readonly kinds: readonly TaskKind[];
  readonly count: number;
  readonly seconds: number;
}

/** Two callers at once get different tasks. The token's number rises with every lease of a task. */
export const leaseTasks =
  ({ store, clock, newToken }: Dependencies) =>
  (act: Act<readonly ShownTask[]>, asks: LeaseAsked): Promise<Answer> => {
    const now = clock();
    return store.once(act, now, async (tx) => {
      const tasks: ShownTask[] = [];
      for (const task of await tx.lockOpenTasks(asks.lender, asks.kinds, asks.count)) {
        const lease = {
          token: `${task.attempt + 1}.${newToken()}`,
          holder: act.caller.person,
          expireTime: secondsAfter(now, asks.seconds),
        };
        const taken = { ...task, ...leased(task, lease, now) };
        await tx.saveTask(task, taken);
        await tx.setTimer('TASK_LEASE', task.uid, lease.expireTime);
        await tx.note(originOfAct(act, now, task.target), {
          uid: task.uid,
          name: task.name,
          content: { state: taken.state, attempt: taken.attempt, holder: lease.holder },
        });
        tasks.push(taken);
      }
      return tasks;
    });
  };
