/** Once a day: answers of acts and ids of events that nobody can repeat any more go. */
import { forgetInboxIds } from '@lianbao/events';
import type { Tenant } from '@lianbao/kernel';
import {
  type Database,
  forgetOldAnswers,
  type LeasedHandler,
  setTimer,
  transact,
} from '@lianbao/persistence';

const kind = 'HOUSEKEEPING';
const subject = 'daily';
const dayMs = 86_400_000;
const inboxIdDays = 30;

const daysBefore = (now: Date, days: number): Date => new Date(now.getTime() - days * dayMs);

/** Outside a transaction: it works in portions. */
export const housekeeping = (
  database: Database,
  idempotencyDays: number,
): Readonly<Record<typeof kind, LeasedHandler>> => ({
  [kind]: {
    outside: async (tenant, _subject, now) => {
      await forgetOldAnswers(database, tenant, daysBefore(now, idempotencyDays));
      await forgetInboxIds(database, tenant, daysBefore(now, inboxIdDays));
      await scheduleHousekeeping(database, tenant, daysBefore(now, -1));
    },
  },
});

export const scheduleHousekeeping = (
  database: Database,
  tenant: Tenant,
  dueAt: Date,
): Promise<void> => transact(database, tenant, (em) => setTimer(em, { kind, subject, dueAt }));
