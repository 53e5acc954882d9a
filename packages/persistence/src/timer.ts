/**
 * Timers are rows: what is to happen to a subject at a time. The row and its effect commit together.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import { sql, sqlUnawaited } from './sql.ts';

export interface Timer {
  readonly kind: string;
  /** What it concerns, a resource name for one; with the kind it is unique in the tenant. */
  readonly subject: string;
  readonly dueAt: Date;
}

/** Sets it, or moves the one that is there. */
export async function setTimer(em: EntityManager, timer: Timer): Promise<void> {
  sqlUnawaited(
    em,
    `insert into timer (kind, subject, due_at) values ($1, $2, $3)
     on conflict (tenant, kind, subject)
     do update set due_at = excluded.due_at, attempts = 0, lease = null`,
    [timer.kind, timer.subject, timer.dueAt],
  );
}

export async function clearTimer(em: EntityManager, kind: string, subject: string): Promise<void> {
  sqlUnawaited(em, 'delete from timer where kind = $1 and subject = $2', [kind, subject]);
}

export interface DueTimer {
  readonly kind: string;
  readonly subject: string;
  readonly attempts: number;
  readonly lateMs: number;
}

interface Row {
  readonly kind: string;
  readonly subject: string;
  readonly attempts: number;
  readonly late_ms: string;
}

const oneDue = `select kind, subject from timer where due_at <= $1 and kind = any ($2)
                order by due_at, kind, subject limit 1 for update skip locked`;

/** A due row that nobody else runs until the end of the transaction. */
export interface ClaimedTimer extends DueTimer {
  /** The row's version: a timer that is set anew has another. */
  readonly place: string;
}

// Of several workers each takes another of the first in line.
const claiming = `
  select kind, subject from (
    select kind, subject from timer where due_at <= $1 and kind = any ($2)
     order by due_at, kind, subject limit 20) as in_line
   where pg_try_advisory_xact_lock(hashtextextended(
     concat_ws(E'\\x1f', 'timer', current_setting('app.tenant'), kind, subject), 0))
   limit 1`;

/**
 * Claims one due row without locking it: whoever sets or clears a timer has locked its subject before,
 * as the handler does next, and in the other order the two would wait for one another.
 */
export async function claimDue(
  em: EntityManager,
  kinds: readonly string[],
  now: Date,
): Promise<ClaimedTimer | undefined> {
  for (;;) {
    const { rows: claimed } = await sql<Pick<Row, 'kind' | 'subject'>>(em, claiming, [now, kinds]);
    const [first] = claimed;
    if (first === undefined) return undefined;
    // Another worker may have run it between our look and our claim.
    const { rows } = await sql<Row & { readonly place: string }>(
      em,
      `select kind, subject, attempts, ctid::text as place,
         round(extract(epoch from $1::timestamptz - due_at) * 1000)::text as late_ms
         from timer where kind = $2 and subject = $3 and due_at <= $1`,
      [now, first.kind, first.subject],
    );
    const [row] = rows;
    if (row !== undefined) return { ...dueTimer(row), place: row.place };
  }
}

/** Ends it, unless its handler has set it anew. */
export async function finishDue(
  em: EntityManager,
  { kind, subject, place }: ClaimedTimer,
): Promise<void> {
  await sql(em, 'delete from timer where ctid = $1::tid and kind = $2 and subject = $3', [
    place,
    kind,
    subject,
  ]);
}

/** Leases one due row until then: nobody else sees it due before, and it is due again after a crash. */
export async function leaseDue(
  em: EntityManager,
  kinds: readonly string[],
  now: Date,
  lease: string,
  until: Date,
): Promise<DueTimer | undefined> {
  const { rows } = await sql<Row>(
    em,
    `with due as (${oneDue})
     update timer set lease = $3, due_at = $4 from due
      where timer.kind = due.kind and timer.subject = due.subject
     returning timer.kind, timer.subject, timer.attempts, '0' as late_ms`,
    [now, kinds, lease, until],
  );
  return rows[0] && dueTimer(rows[0]);
}

/** False when the lease is no longer ours: another worker took it over, or the timer was set anew. */
export async function renewLease(em: EntityManager, lease: string, until: Date): Promise<boolean> {
  const { affected } = await sql(em, 'update timer set due_at = $2 where lease = $1', [
    lease,
    until,
  ]);
  return affected > 0;
}

export async function finishLease(em: EntityManager, lease: string): Promise<void> {
  await sql(em, 'delete from timer where lease = $1', [lease]);
}

/** Gives a leased row back, due then. */
export async function returnLease(
  em: EntityManager,
  lease: string,
  dueAt: Date,
  attempts: number,
): Promise<void> {
  await sql(em, 'update timer set lease = null, due_at = $2, attempts = $3 where lease = $1', [
    lease,
    dueAt,
    attempts,
  ]);
}

/** Puts off a row whose handler failed, unless it was set anew in between. */
export async function putOff(em: EntityManager, timer: DueTimer, now: Date): Promise<void> {
  await sql(
    em,
    `update timer set due_at = $4, attempts = $3 + 1
      where kind = $1 and subject = $2 and attempts = $3 and due_at <= $5`,
    [timer.kind, timer.subject, timer.attempts, retryAt(timer.attempts, now), now],
  );
}

const retryMsMax = 300_000;

/** After 1, 2, 4 ... seconds, and every five minutes in the end. */
export const retryAt = (attempts: number, now: Date): Date =>
  new Date(now.getTime() + Math.min(1_000 * 2 ** attempts, retryMsMax));

const dueTimer = (row: Row): DueTimer => ({
  kind: row.kind,
  subject: row.subject,
  attempts: row.attempts,
  lateMs: Number(row.late_ms),
});
