/** What the tests of timers do to them. */
import { silentLog, silentMeter } from '@lianbao/kernel';
import {
  type Database,
  setTimer,
  sql,
  type TimerWorker,
  type TimerWorkerOptions,
  timerWorker,
  transact,
} from '@lianbao/persistence';
import { here } from './thing.ts';

export const start = new Date('2020-02-21T01:00:00Z');
export const later = (milliseconds: number): Date => new Date(start.getTime() + milliseconds);

export const set = (
  database: Database,
  kind: string,
  subject: string,
  dueAt: Date,
  tenant = here,
) => transact(database, tenant, (em) => setTimer(em, { kind, subject, dueAt }));

export const timersOf = async (database: Database) => {
  const { rows } = await transact(database, here, (em) =>
    sql<{ subject: string; attempts: number }>(
      em,
      'select subject, attempts from timer order by 1',
    ),
  );
  return rows.map(({ subject, attempts }) => `${subject} ${attempts}`);
};

export function workerOn(
  database: Database,
  handlers: TimerWorkerOptions['handlers'],
  rest: Partial<TimerWorkerOptions> = {},
): TimerWorker {
  return timerWorker({
    database,
    tenants: [here],
    clock: () => start,
    log: silentLog,
    meter: silentMeter,
    ...rest,
    handlers,
  });
}
