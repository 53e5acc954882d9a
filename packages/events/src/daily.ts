/** Once a day and tenant: answers of acts and ids of events that nobody can repeat any more go. */
import type { Tenant } from '@lianbao/kernel';
import {
  type Database,
  forgetOldAnswers,
  type LeasedHandler,
  setTimer,
  transact,
} from '@lianbao/persistence';
import { forgetInboxIds } from './housekeeping.ts';

const kind = 'HOUSEKEEPING';
const dayMs = 86_400_000;
const inboxIdDays = 30;

const daysAfter = (moment: Date, days: number): Date => new Date(moment.getTime() + days * dayMs);

/** What a service forgets besides. */
export type Forget = (database: Database, tenant: Tenant, now: Date) => Promise<unknown>;

/** Outside a transaction: it works in portions. */
export const dailyHousekeeping = (
  database: Database,
  idempotencyDays: number,
  forget?: Forget,
): Readonly<Record<typeof kind, LeasedHandler>> => ({
  [kind]: {
    outside: async (tenant, _subject, now) => {
      await forgetOldAnswers(database, tenant, daysAfter(now, -idempotencyDays));
      await forgetInboxIds(database, tenant, daysAfter(now, -inboxIdDays));
      await forget?.(database, tenant, now);
      await scheduleHousekeeping(database, tenant, daysAfter(now, 1));
    },
  },
});

export const scheduleHousekeeping = (
  database: Database,
  tenant: Tenant,
  dueAt: Date,
): Promise<void> =>
  transact(database, tenant, (em) => setTimer(em, { kind, subject: 'daily', dueAt }));
