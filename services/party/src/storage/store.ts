import { Buffer } from 'node:buffer';
import { publish, recordChange } from '@lianbao/events';
import { type Act, Answer, type Tenant } from '@lianbao/kernel';
import {
  clearTimer,
  type Database,
  type KeyRing,
  once,
  seal,
  setTimer,
  transact,
  unseal,
} from '@lianbao/persistence';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Store, Transaction } from '../application/ports.ts';
import { auditContent, outgoing } from '../events/party-events.ts';
import { consentsOn } from './consent-store.ts';
import { feedOn } from './feed-store.ts';
import { partnersOn } from './partner-store.ts';
import { policyInForce } from './policy-store.ts';
import { sellersOn } from './seller-store.ts';

export function transactionOn(em: EntityManager, tenant: Tenant, ring: KeyRing): Transaction {
  return {
    tenant,
    ...partnersOn(em, tenant, ring),
    ...sellersOn(em, { tenant, ring }),
    ...consentsOn(em, tenant),
    ...feedOn(em),
    policyInForce: (now) => policyInForce(em, now),
    say: (origin, ...events) => publish(em, origin, ...events.map(outgoing)),
    note: (origin, seller) =>
      recordChange(em, origin, {
        key: seller.uid,
        subject: seller.name,
        content: auditContent(seller),
      }),
    setTimer: (kind, subject, dueAt) => setTimer(em, { kind, subject, dueAt }),
    clearTimer: (kind, subject) => clearTimer(em, kind, subject),
  };
}

export function createStore(database: Database, ring: KeyRing): Store {
  return {
    once: async (act, now, work) => {
      let plain: Uint8Array | undefined;
      const sealing: typeof act = {
        ...act,
        encode: (result) => {
          plain = act.encode(result);
          return seal(ring, placeOf(act), Buffer.from(plain).toString('base64'));
        },
      };
      const { bytes, replayed } = await once(database, sealing, now, (em) =>
        work(transactionOn(em, act.caller.tenant, ring)),
      );
      if (!replayed && plain !== undefined) return new Answer(plain, false);
      return new Answer(Buffer.from(unseal(ring, placeOf(act), bytes), 'base64'), replayed);
    },

    read: (caller, work) =>
      transact(database, caller.tenant, (em) => work(transactionOn(em, caller.tenant, ring))),
  };
}

// A platform's answer holds its seller's whole name: answers are kept sealed like the rows they show.
const placeOf = ({ caller, method, requestId = '' }: Act<never>) => ({
  tenant: caller.tenant,
  table: 'idempotency',
  column: 'answer',
  row: `${method} ${requestId}`,
});
