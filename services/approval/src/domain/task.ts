/**
 * Work for a lender's people (product.md 2.8). A lease is a fencing token with an end: who acts under
 * an older one is refused. A task past its time stays, and is marked.
 */
import type { Uid } from '@lianbao/kernel';
import { secondsAfter } from './application.ts';
import type { Policy } from './decision/policy.ts';
import { refusals } from './refusals.ts';

export type TaskKind = 'UNDERWRITE';
export type TaskState = 'OPEN' | 'LEASED' | 'ACKNOWLEDGED' | 'DONE' | 'CANCELLED';

interface Lease {
  readonly token: string;
  /** The person who took it. */
  readonly holder: string;
  readonly expireTime: Date;
}

export interface Task {
  readonly uid: Uid;
  /** `lenders/{l}/tasks/{t}` */
  readonly name: string;
  readonly lender: string;
  readonly kind: TaskKind;
  readonly state: TaskState;
  /** The application. */
  readonly target: string;
  readonly dueTime: Date;
  /** The seller is on the green list: leased first. */
  readonly green: boolean;
  /** How often it was leased. */
  readonly attempt: number;
  /** The last lease, also when it has ended. */
  readonly lease: Lease | undefined;
  readonly overdue: boolean;
  readonly revision: bigint;
  readonly createTime: Date;
  readonly updateTime: Date;
}

/** After so many leases that ended by themselves an operator is told. */
export const leasesBeforeAlarm = 5;

const hourSeconds = 3_600;

export const dueTimeOf = ({ decision }: Policy, green: boolean, now: Date): Date =>
  secondsAfter(
    now,
    hourSeconds * (green ? decision.greenLenderTaskHours : decision.lenderTaskHours),
  );

export function openTask(
  parts: Pick<Task, 'uid' | 'name' | 'lender' | 'kind' | 'target' | 'dueTime' | 'green'>,
  now: Date,
): Task {
  return {
    ...parts,
    state: 'OPEN',
    attempt: 0,
    lease: undefined,
    overdue: false,
    revision: 1n,
    createTime: now,
    updateTime: now,
  };
}

export const changedTask = (task: Task, now: Date, change: Partial<Task>): Task => ({
  ...task,
  ...change,
  revision: task.revision + 1n,
  updateTime: now,
});

export const isWaiting = ({ state }: Task): boolean =>
  state === 'OPEN' || state === 'LEASED' || state === 'ACKNOWLEDGED';

export function leased(task: Task, lease: Lease, now: Date): Task {
  return changedTask(task, now, { state: 'LEASED', attempt: task.attempt + 1, lease });
}

/** The same act twice leaves it as it is. */
export function acknowledged(task: Task, token: string, now: Date): Task {
  requireLease(task, token, now);
  return task.state === 'ACKNOWLEDGED' ? task : changedTask(task, now, { state: 'ACKNOWLEDGED' });
}

export function leaseExtended(task: Task, token: string, seconds: number, now: Date): Task {
  const lease = requireLease(task, token, now);
  if (task.state !== 'LEASED') throw notAllowed(task, 'LEASED');
  return changedTask(task, now, { lease: { ...lease, expireTime: secondsAfter(now, seconds) } });
}

/** Undefined when the lease has not ended, or no longer matters. */
export function leaseEnded(task: Task, now: Date): Task | undefined {
  const { state, lease } = task;
  if (state !== 'LEASED' || lease === undefined) return undefined;
  if (lease.expireTime.getTime() > now.getTime()) return undefined;
  return changedTask(task, now, { state: 'OPEN' });
}

/** Refuses a lease that has ended, or another one than the last. After an acknowledgement it has no end. */
export function requireLease({ name, state, lease }: Task, token: string, now: Date): Lease {
  const over =
    state === 'OPEN' || (state === 'LEASED' && (lease?.expireTime.getTime() ?? 0) <= now.getTime());
  if (lease === undefined || lease.token !== token || over) {
    throw refusals.LEASE_LOST({ task: name });
  }
  return lease;
}

export const notAllowed = ({ state }: Task, ...allowed: readonly TaskState[]) =>
  refusals.STATE_NOT_ALLOWED({ state, allowedStates: allowed.join(',') });
