/** A lender's tasks between the wire and the domain. */
import type { MessageInitShape } from '@bufbuild/protobuf';
import {
  type LenderTaskSchema,
  TaskKind as WireTaskKind,
  TaskState as WireTaskState,
} from '@lianbao/api/lianbao/approval/v1/approval_service_pb';
import { toTimestamp } from '@lianbao/grpc';
import type { Caller } from '@lianbao/kernel';
import type { ShownTask } from '../application/task-ports.ts';
import type { TaskKind, TaskState } from '../domain/task.ts';
import { toReason } from './convert-application.ts';

export const wireTaskKinds: Readonly<Record<TaskKind, WireTaskKind>> = {
  UNDERWRITE: WireTaskKind.UNDERWRITE,
};

const wireTaskStates: Readonly<Record<TaskState, WireTaskState>> = {
  OPEN: WireTaskState.OPEN,
  LEASED: WireTaskState.LEASED,
  ACKNOWLEDGED: WireTaskState.ACKNOWLEDGED,
  DONE: WireTaskState.DONE,
  CANCELLED: WireTaskState.CANCELLED,
};

export const readTaskKinds = (kinds: readonly WireTaskKind[]): readonly TaskKind[] =>
  (Object.keys(wireTaskKinds) as TaskKind[]).filter((kind) => kinds.includes(wireTaskKinds[kind]));

export const readTaskStates = (states: readonly WireTaskState[]): readonly TaskState[] =>
  (Object.keys(wireTaskStates) as TaskState[]).filter((state) =>
    states.includes(wireTaskStates[state]),
  );

/** The lease token only for the person who holds it. */
export const toTask =
  ({ kind, person }: Pick<Caller, 'kind' | 'person'>) =>
  (task: ShownTask): MessageInitShape<typeof LenderTaskSchema> => {
    const { lease } = task;
    const isHolder = task.state !== 'OPEN' && kind === 'BANK' && lease?.holder === person;
    const hasLease = task.state === 'LEASED' && lease !== undefined;
    return {
      name: task.name,
      uid: task.uid,
      state: wireTaskStates[task.state],
      kind: wireTaskKinds[task.kind],
      target: task.target,
      targetEtag: String(task.targetRevision),
      dueTime: toTimestamp(task.dueTime),
      green: task.green,
      attempt: task.attempt,
      leaseToken: isHolder ? lease.token : '',
      ...(hasLease ? { leaseExpireTime: toTimestamp(lease.expireTime) } : {}),
      reasons: task.reasons.map(toReason),
      overdue: task.overdue,
      createTime: toTimestamp(task.createTime),
      updateTime: toTimestamp(task.updateTime),
      etag: String(task.revision),
    };
  };
