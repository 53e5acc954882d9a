/** What is stored of a lender's tasks. */
import type { Slice, Sliced, Uid } from '@lianbao/kernel';
import type { Application } from '../domain/application.ts';
import type { Task, TaskKind, TaskState } from '../domain/task.ts';

/** A task with what its application says now. */
export interface ShownTask extends Task {
  readonly targetRevision: bigint;
  readonly reasons: Application['reasons'];
}

export interface TaskFilter {
  /** Undefined: of all lenders. */
  readonly lender: string | undefined;
  readonly states: readonly TaskState[];
  readonly overdueOnly: boolean;
}

export interface Tasks {
  addTask(task: Task, targetUid: Uid): Promise<void>;
  task(name: string): Promise<ShownTask | undefined>;
  lockTask(uid: Uid): Promise<ShownTask | undefined>;
  /** Of the application, not ended. */
  lockWaitingTasks(targetUid: Uid): Promise<readonly Task[]>;
  /** Open ones that nobody else is taking, green first, then by due time. */
  lockOpenTasks(
    lender: string,
    kinds: readonly TaskKind[],
    count: number,
  ): Promise<readonly ShownTask[]>;
  saveTask(from: Task, to: Task): Promise<void>;
  tasks(filter: TaskFilter, slice: Slice): Promise<Sliced<ShownTask>>;
}
