import type { Clock, Tenant } from '@lianbao/kernel';
import { type Database, once, transact } from '@lianbao/persistence';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Store, Transaction } from '../application/ports.ts';
import type { ScorePolicy } from '../domain/score-refusal.ts';
import { scoreModelRowsOn } from './score-model-rows.ts';
import { scoreRowsOn } from './score-rows.ts';
import { summaryRowsOn } from './summary-rows.ts';
import { tradingRowsOn } from './trading-rows.ts';
import { viewRowsOn } from './view-rows.ts';

export type TransactionOn = (em: EntityManager, tenant: Tenant) => Transaction;

export const transactionOn =
  (policyZero: ScorePolicy): TransactionOn =>
  (em, tenant) => ({
    ...tradingRowsOn(em, tenant),
    ...summaryRowsOn(em),
    ...viewRowsOn(em, policyZero),
    ...scoreRowsOn(em, tenant),
    ...scoreModelRowsOn(em, tenant),
  });

export const storeOn = (database: Database, clock: Clock, on: TransactionOn): Store => ({
  once: (act, work) => once(database, act, clock(), (em) => work(on(em, act.caller.tenant))),
  transact: (tenant, work) => transact(database, tenant, (em) => work(on(em, tenant))),
});
