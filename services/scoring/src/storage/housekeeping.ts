/** Once a day: answers and event ids that nobody will ask for again are forgotten. */
import { forgetInboxIds } from '@lianbao/events';
import type { Tenant } from '@lianbao/kernel';
import {
  type Database,
  forgetOldAnswers,
  type LeasedHandler,
  setTimer,
  transact,
} from '@lianbao/persistence';

export const housekeepingTimer = 'housekeeping';

const dayMs = 86_400_000;
const inboxIdDays = 30;

const daysAfter = (moment: Date, days: number): Date => new Date(moment.getTime() + days * dayMs);

export const housekeeping = (database: Database, idempotencyDays: number): LeasedHandler => ({
  outside: async (tenant, _subject, now) => {
    await forgetOldAnswers(database, tenant, daysAfter(now, -idempotencyDays));
    await forgetInboxIds(database, tenant, daysAfter(now, -inboxIdDays));
    await planHousekeeping(database, tenant, daysAfter(now, 1));
  },
});

export const planHousekeeping = (database: Database, tenant: Tenant, dueAt: Date): Promise<void> =>
  transact(database, tenant, (em) =>
    setTimer(em, { kind: housekeepingTimer, subject: 'daily', dueAt }),
  );
