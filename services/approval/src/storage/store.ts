/** The ports of storage on one database: everything a use case does happens in one transaction. */
import { publish, recordChange } from '@lianbao/events';
import type { Tenant } from '@lianbao/kernel';
import {
  afterCommit,
  clearTimer,
  type Database,
  once,
  setTimer,
  transact,
} from '@lianbao/persistence';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Store, Transaction } from '../application/ports.ts';
import { outgoing } from '../events/approval-events.ts';
import { applicationsOn, submissionGround } from './application-store.ts';
import { decisionsOn } from './decision-store.ts';
import { evidenceOn } from './evidence-store.ts';
import { lendersOn } from './lender-store.ts';
import { offersOn } from './offer-store.ts';
import { policiesOn, policyReader, type RememberedPolicies } from './policy-store.ts';
import { productsOn, type RememberedProducts } from './product-store.ts';
import { tasksOn } from './task-store.ts';

/** Makes the transaction that a use case sees of one that is open: an rpc's, an inbox's or a timer's. */
export type TransactionOn = (em: EntityManager, tenant: Tenant) => Transaction;

/** `changed` is told of an application once its change has committed. */
export function transactionOn(changed: (uid: string) => void): TransactionOn {
  const policies: RememberedPolicies = new Map();
  const products: RememberedProducts = new Map();
  return (em, tenant) => {
    const reader = policyReader(em, tenant, policies);
    const written = (uid: string) => afterCommit(em, () => changed(uid));
    return {
      tenant,
      ...applicationsOn(em, tenant, reader, written),
      ...evidenceOn(em),
      ...decisionsOn(em, written),
      ...offersOn(em, tenant),
      ...tasksOn(em, tenant),
      ...productsOn(em, tenant, products),
      ...policiesOn(em, tenant, reader),
      ...lendersOn(em),
      say: (origin, ...events) =>
        publish(em, origin, ...events.map((event) => outgoing(tenant, event))),
      note: (origin, { uid, name, content }) =>
        recordChange(em, origin, { key: uid, subject: name, content }),
      setTimer: (kind, subject, dueAt) => setTimer(em, { kind, subject, dueAt }),
      clearTimer: (kind, subject) => clearTimer(em, kind, subject),
    };
  };
}

export const storeOn = (database: Database, on: TransactionOn): Store => ({
  once: (act, now, work) => once(database, act, now, (em) => work(on(em, act.caller.tenant))),
  read: ({ tenant }, work) => transact(database, tenant, (em) => work(on(em, tenant))),
  submissionGround: ({ tenant }, name) => submissionGround(database, tenant, name),
});
