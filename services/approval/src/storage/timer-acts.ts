/** What time brings about: deadlines, ends of drafts, offers and leases, policies that come into force. */
import type { Uid } from '@lianbao/kernel';
import type { TimerHandler } from '@lianbao/persistence';
import type { Dependencies } from '../application/dependencies.ts';
import { runPolicyActivation } from '../application/policy-versions.ts';
import type { TimerKind, Transaction } from '../application/ports.ts';
import { runApplicationTimer } from '../application/run-application-timer.ts';
import { endLease, markOverdue } from '../application/run-task-timers.ts';
import type { TransactionOn } from './store.ts';

type TimerAct = (tx: Transaction, subject: Uid, now: Date) => Promise<void>;

export function timerActs(
  transactionOn: TransactionOn,
  dependencies: Pick<Dependencies, 'log' | 'meter'>,
): Readonly<Record<TimerKind, TimerHandler>> {
  const run =
    (act: TimerAct): TimerHandler =>
    (em, subject, now, tenant) =>
      act(transactionOn(em, tenant), subject as Uid, now);
  return {
    APPLICATION: run(runApplicationTimer),
    TASK_OVERDUE: run(markOverdue),
    TASK_LEASE: run(endLease(dependencies)),
    POLICY_ACTIVATION: run(runPolicyActivation),
  };
}
