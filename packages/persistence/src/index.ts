export { type Database, type DatabaseOptions, openDatabase } from './database.ts';
export { forgetRows } from './forget.ts';
export { type KeyRing, newKeyRing, readKeyRing, withNewKey } from './key-ring.ts';
export type { LeasedHandler } from './leased-act.ts';
export { type MigrateOptions, migrate } from './migrate.ts';
export { type Migrations, persistenceMigrations } from './migration-files.ts';
export { forgetOldAnswers, once } from './once.ts';
export {
  byCreateTime,
  pageOptions,
  pageStart,
  rowsAfter,
  slicedBy,
} from './page.ts';
export { dropPlans, type PlanAge, planAge } from './plan-age.ts';
export { requireSchema, SchemaTooOld } from './require-schema.ts';
export { keyedHash, type Place, SealBroken, seal, unseal } from './seal.ts';
export { createServiceDatabase, type ServiceDatabase } from './service-database.ts';
export { sql, sqlUnawaited } from './sql.ts';
export { clearTimer, setTimer, type Timer } from './timer.ts';
export {
  type TimerHandler,
  type TimerWorker,
  type TimerWorkerOptions,
  timerWorker,
} from './timer-worker.ts';
export { afterCommit, transact } from './transact.ts';
