import type { Caller, Slice, Sliced } from '@lianbao/kernel';
import { refusals } from '../domain/refusals.ts';
import type { Dependencies } from './dependencies.ts';
import type { ShownTask, TaskFilter } from './task-ports.ts';

export const getTask =
  ({ store }: Dependencies) =>
  (caller: Caller, name: string): Promise<ShownTask> =>
    store.read(caller, async (tx) => {
      const task = await tx.task(name);
      if (task === undefined) throw refusals.NAME_UNKNOWN({ name });
      return task;
    });

export const listTasks =
  ({ store }: Dependencies) =>
  (caller: Caller, filter: TaskFilter, slice: Slice): Promise<Sliced<ShownTask>> =>
    store.read(caller, (tx) => tx.tasks(filter, slice));
