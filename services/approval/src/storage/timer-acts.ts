/** What time brings about: deadlines, ends of drafts, offers and leases, policies that come into force. */
import type { Tenant, Uid } from '@lianbao/kernel';
import { sql, type TimerHandler } from '@lianbao/persistence';
import type { EntityManager } from '@mikro-orm/postgresql';
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
    async (em, subject, now) =>
      act(transactionOn(em, await tenantOf(em)), subject as Uid, now);
  return {
    APPLICATION: run(runApplicationTimer),
    TASK_OVERDUE: run(markOverdue),
    TASK_LEASE: run(endLease(dependencies)),
    POLICY_ACTIVATION: run(runPolicyActivation),
  };
}

/** The worker has set it for the transaction. */
async function tenantOf(em: EntityManager): Promise<Tenant> {
  const { rows } = await sql<{ tenant: Tenant }>(
    em,
    `select current_setting('app.tenant') as tenant`,
  );
  return rows[0]?.tenant as Tenant;
}
